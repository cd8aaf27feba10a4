import { SERVERS, serverAddress } from '../figure.ts';

/** Destinations of the whole document: as many as it may have. */
export const DESTINATIONS = 10_000;
const EACH = 100;

/** Of the added services, beside those of the figure. */
const FIRST_PORT = 10_000;

interface Own {
  readonly services: readonly { readonly servers: readonly object[] }[];
}

/**
 * A document filled up to `DESTINATIONS`. Nobody checks the added servers: what is asked for is work for the controller and
 * for the kernel's table. JSON, which is YAML.
 * @param own the rack's document as plain data.
 * @param round changes the weight of every added destination from one round to the next.
 */
export function crowded(own: Own, round: number): string {
  const added = DESTINATIONS - own.services.reduce((sum, { servers }) => sum + servers.length, 0);
  const server = (place: number) => ({
    name: `d${place}`,
    address: serverAddress(SERVERS[place % SERVERS.length]!),
    port: 20_000 + place,
    weight: 1 + (round % 2),
  });
  const services = Array.from({ length: Math.ceil(added / EACH) }, (_, index) => ({
    name: `crowd${index}`,
    protocol: 'tcp',
    port: FIRST_PORT + index,
    scheduler: 'wrr',
    check: { type: 'none' },
    servers: Array.from({ length: Math.min(EACH, added - index * EACH) }, (_, place) => server(place)),
  }));
  return JSON.stringify({ ...own, services: [...own.services, ...services] });
}
