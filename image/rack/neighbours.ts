import type { Side } from '../../src/model/pair.ts';
import { FLOATS, SERVERS, type Where } from './figure.ts';
import type { World } from './net.ts';

/** Whom a machine beside the boxes takes for a float's holder. */
export interface Neighbour {
  readonly where: Where;
  readonly side: Side;
  /** In its kernel's ARP table, lower case. */
  readonly mac: string;
}

/** Who talks to which float: the upstream router to the VIP, the real servers to their default route. */
const TALKERS: readonly (readonly [Where, Side])[] = [
  ['gateway', 'public'],
  ...SERVERS.map((number) => [`s${number}`, 'private'] as const),
];

/** What the gateway and the real servers resolve the floats to; who has no entry is left out. @throws TandemError `io`. */
export async function neighbours(world: World): Promise<readonly Neighbour[]> {
  const looks = TALKERS.map(async ([where, side]) => {
    const text = await world.outputIn(where, ['ip', '-json', 'neighbour', 'show', 'to', FLOATS[side], 'dev', 'eth0']);
    const entries = JSON.parse(text) as readonly { readonly lladdr?: string }[];
    return entries.flatMap(({ lladdr }) => (lladdr === undefined ? [] : [{ where, side, mac: lladdr.toLowerCase() }]));
  });
  return (await Promise.all(looks)).flat();
}
