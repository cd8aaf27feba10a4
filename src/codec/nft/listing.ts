import type { Protocol } from '../../model/ipvs.ts';
import type { MarkEntry, MarkTable } from '../../model/marks.ts';

/** What `nft -j list table` says of the table of firewall marks (libnftables-json(5)). */

export const NO_TABLE: MarkTable = { intact: false, present: false, entries: [] };

/** By name where the box has /etc/protocols, else by number. */
const PROTOCOLS: ReadonlyMap<unknown, Protocol> = new Map<unknown, Protocol>([
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['sctp', 'sctp'],
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);

const rule = (protocol: string, map: string): string =>
  JSON.stringify([
    {
      mangle: {
        key: { meta: { key: 'mark' } },
        value: {
          map: {
            key: {
              concat: [
                { payload: { protocol, field: 'daddr' } },
                { meta: { key: 'l4proto' } },
                { payload: { protocol: 'th', field: 'dport' } },
              ],
            },
            data: map,
          },
        },
      },
    },
  ]);

const RULES = [rule('ip', '@marks4'), rule('ip6', '@marks6')].join();
const CHAIN = 'prerouting filter prerouting -150 accept';
const MAPS = [
  'marks4 ipv4_addr,inet_proto,inet_service mark interval',
  'marks6 ipv6_addr,inet_proto,inet_service mark interval',
];

type Json = Readonly<Record<string, unknown>>;

const record = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What is not as it was written makes the table one that is not intact; nothing throws. */
export function readListing(text: string): MarkTable {
  let objects: readonly (Json | undefined)[];
  try {
    objects = list(record(JSON.parse(text))?.nftables).map(record);
  } catch {
    return { ...NO_TABLE, present: true };
  }
  const kinds = (kind: string): Json[] =>
    objects.map((object) => record(object?.[kind])).filter((object) => object !== undefined);
  const maps = kinds('map');
  const entries = maps.flatMap((map) => list(map.elem)).map(entryOf);
  const chains = kinds('chain').map(({ name, type, hook, prio, policy }) => [name, type, hook, prio, policy].join(' '));
  const shapes = maps.map((map) => [map.name, list(map.type), map.map, list(map.flags)].join(' '));
  const rules = kinds('rule').map(({ expr }) => JSON.stringify(expr));
  const intact =
    chains.join() === CHAIN &&
    rules.join() === RULES &&
    shapes.toSorted().join() === MAPS.join() &&
    kinds('set').length === 0 &&
    !entries.includes(undefined);
  return { intact, present: true, entries: entries.filter((entry) => entry !== undefined) };
}

/** undefined for an element that is none of ours. */
function entryOf(element: unknown): MarkEntry | undefined {
  const [key, mark] = list(element);
  const [address, number, port] = list(record(key)?.concat);
  const protocol = PROTOCOLS.get(number);
  const range = list(record(port)?.range);
  const [first, last] = range.length === 2 ? range : [port, port];
  if (typeof address !== 'string' || protocol === undefined || typeof mark !== 'number') return undefined;
  if (typeof first !== 'number' || typeof last !== 'number') return undefined;
  return { protocol, address, first, last, mark };
}
