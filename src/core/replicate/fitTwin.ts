import type { NodeId } from '../../model/pair.ts';
import type { TwinFacts } from '../../model/twin.ts';

/** Why the floats had better stay: what clients would lose on the twin. */

/**
 * Connection sync tells a twin of a connection that stands at the latest after sync_refresh_period (10 s), one jiffy of its
 * own timer of a quarter more, and the 0.75 s in which the kernel fills a sync message (ip_vs_sync.c).
 */
export const WARM_MS = 13_250;

/** Connections that the twin may lack: short ones come and go between two looks at the tables. */
const FEW = 16;
const SHARE = 4 / 5;

const secondsOf = (ms: number): string => `${Math.floor(ms / 1000)} s`;

function coldness(own: TwinFacts, twin: TwinFacts): string | undefined {
  if (own.connections === 0) return undefined;
  if (twin.connections < own.connections * SHARE && own.connections - twin.connections > FEW) {
    return `${twin.node} knows ${twin.connections} of ${own.connections} connections: the others would end`;
  }
  const synced = Math.min(own.syncMs, twin.syncMs);
  if (synced >= WARM_MS) return undefined;
  return `connection sync runs for ${secondsOf(synced)}, and takes ${WARM_MS / 1000} s to tell ${twin.node} of every connection`;
}

/** Services that the twin would serve with nobody, though this box has somebody. */
function emptied(own: TwinFacts, twin: TwinFacts): string | undefined {
  const names = own.services
    .filter(({ name, up }) => up > 0 && twin.services.some((other) => other.name === name && other.up === 0))
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${twin.node} finds no server up for ${names.slice(0, 3).join(', ')}${more}: its clients would be refused`;
}

/** Empty when nothing speaks against it. The first is the weightiest. */
export function objections(own: TwinFacts, twin: TwinFacts): string[] {
  const { node } = twin;
  return [
    twin.digest === own.digest
      ? undefined
      : `${node} holds another document (revision ${twin.revision}, here ${own.revision})`,
    twin.holds ? undefined : `the kernel of ${node} does not hold its document`,
    emptied(own, twin),
    coldness(own, twin),
  ].filter((text) => text !== undefined);
}

/** One line of what a box holds, for people. */
export function factsLine({ node, revision, services, connections, syncMs, holds }: TwinFacts): string {
  const sum = (of: 'up' | 'servers'): number => services.reduce((total, service) => total + service[of], 0);
  const kernel = holds ? 'its kernel holds it' : 'its kernel does not hold it';
  return (
    `${node}: revision ${revision}, ${kernel}; ${services.length} services, ${sum('up')} of ${sum('servers')} servers up; ` +
    `${connections} connections, sync for ${secondsOf(syncMs)}`
  );
}

/** What cannot be judged, since the twin's controller does not say what it holds. */
export const unheard = (node: NodeId, why: string): string =>
  `the controller of ${node} does not say what it holds: ${why}; whether clients would lose by it is not known`;
