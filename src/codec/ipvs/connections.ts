import type { Balanced } from '../../model/nic.ts';
import { ipText } from '../ip.ts';

/**
 * /proc/net/ip_vs_conn (ip_vs_conn.c, ip_vs_conn_seq_show): `TCP CB00710A 9C40 C633640A 0050 C000020B 1F90 ESTABLISHED 899`,
 * IPv4 as eight hex digits, IPv6 as eight words. The heading, templates of persistence (client port 0) and a line that was cut
 * off at the end are left out.
 */
export function readConnections(text: string): Balanced[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.flatMap((line): Balanced[] => {
    const [protocol = '', from = '', fromPort = '', to = '', toPort = '', server = ''] = line.trim().split(/\s+/);
    if (!PROTOCOLS.has(protocol) || Number.parseInt(fromPort, 16) === 0) return [];
    const [client, address, dest] = [from, to, server].map(addressOf);
    const port = Number.parseInt(toPort, 16);
    if (client === undefined || address === undefined || dest === undefined || Number.isNaN(port)) return [];
    return [{ client, address, port, server: dest }];
  });
}

const PROTOCOLS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

function addressOf(hex: string): string | undefined {
  const digits = hex.replaceAll(':', '');
  const size = hex.includes(':') ? 32 : 8;
  if (digits.length !== size || !/^[0-9a-f]+$/i.test(digits)) return undefined;
  return ipText(
    Uint8Array.from({ length: size / 2 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)),
  );
}
