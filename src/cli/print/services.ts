import { serverWords, serviceWords } from '../../model/serverWords.ts';
import type { Status } from '../../model/status.ts';
import { plain } from '../io.ts';

const FORWARD = { masquerade: 'Masq', direct: 'Route', tunnel: 'Tunnel' } as const;

type Service = Status['services'][number];
type Server = Service['servers'][number];

const withPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const serverLine = (server: Server): string =>
  [
    `  -> ${withPort(server.address, server.port).padEnd(28)}`,
    FORWARD[server.forwarding].padEnd(7),
    String(server.weight).padEnd(6),
    String(server.active).padEnd(10),
    String(server.inactive).padEnd(10),
    `${server.name} ${plain(serverWords(server))}`,
  ].join(' ');

/** The table in the manner of `ipvsadm -Ln`, with each service's and server's name at the end. */
export function serviceLines(services: readonly Service[]): string[] {
  if (services.length === 0) return [];
  return [
    'Prot LocalAddress:Port Scheduler',
    `  -> ${'RemoteAddress:Port'.padEnd(28)} Forward Weight ActiveConn InActConn`,
    ...services.flatMap((service) => {
      const { protocol, address, port, listening, scheduler, name, servers } = service;
      const head = `${protocol.toUpperCase().padEnd(4)} ${listening ?? withPort(address, port)} ${scheduler}  ${name}  ${serviceWords(service)}`;
      return [head.trimEnd(), ...servers.map(serverLine)];
    }),
  ];
}
