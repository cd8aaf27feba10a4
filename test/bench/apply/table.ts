/** The table of the comparison: services of one address, told apart by their port, and servers that they share by address. */

export interface Shape {
  readonly services: number;
  /** Of each service. */
  readonly servers: number;
}

export const VIP = '198.51.100.10';

const firstPort = 1_000;

export const portOf = (service: number): number => firstPort + service;

/** In 10.0.0.0/8, one for each server of a service: at most 65,000 of them. */
export const addressOf = (server: number): string => `10.9.${Math.floor(server / 250)}.${1 + (server % 250)}`;

/** The server whose weight is changed: the last one of the last service. */
export const lastOf = ({ services, servers }: Shape): { readonly service: number; readonly server: number } => ({
  service: services - 1,
  server: servers - 1,
});

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * As a person would write it: one line for each server.
 * @param lastWeight of the last server of the last service
 */
export function documentText(
  shape: Shape,
  lastWeight: number,
  addressOfServer: (service: number, server: number) => string = (_, server) => addressOf(server),
): string {
  const last = lastOf(shape);
  const lines = range(shape.services).flatMap((service) => [
    `  - name: web${service}`,
    '    protocol: tcp',
    `    port: ${portOf(service)}`,
    '    scheduler: wlc',
    '    check: { type: none }',
    '    servers:',
    ...range(shape.servers).map((server) => {
      const weight = service === last.service && server === last.server ? lastWeight : 10;
      return `      - { name: s${server}, address: ${addressOfServer(service, server)}, port: 8080, weight: ${weight} }`;
    }),
  ]);
  return `tandem: 1
name: bench
floats: { public: { address: ${VIP}/24 }, private: { address: 10.9.255.1/16 } }
nodes:
  a: { public: 198.51.100.2/24, private: 10.9.255.2/16 }
  b: { public: 198.51.100.3/24, private: 10.9.255.3/16 }
services:
${lines.join('\n')}
`;
}

/** The same for ipvsadm(8), `--restore`. */
export const rules = (shape: Shape): string =>
  range(shape.services)
    .flatMap((service) => {
      const virtual = `-t ${VIP}:${portOf(service)}`;
      return [
        `-A ${virtual} -s wlc`,
        ...range(shape.servers).map((server) => `-a ${virtual} -r ${addressOf(server)}:8080 -m -w 10`),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
