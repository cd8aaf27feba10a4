import type { LaneStatus } from '../../model/status.ts';
import { plain } from '../io.ts';
import { wallTime } from './time.ts';

/** Transitions shown; `--json` has them all. */
const SHOWN = 3;

const held = (yes: boolean): string => (yes ? 'held' : 'not held');
const carrier = (yes: boolean): string => (yes ? 'up' : 'DOWN');

const counted = (what: string, counts: Readonly<Record<string, number>>): string => {
  const reasons = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${plain(reason)} ${count}`);
  return reasons.length === 0 ? '' : `  ${what}: ${reasons.join(', ')}`;
};

function linkLine({ link, heard, ageMs, sent, received, refused, dropped }: LaneStatus['links'][number]): string {
  const age =
    ageMs === null ? 'never heard' : `${heard ? 'heard' : 'SILENT for'} ${Math.round(ageMs)} ms${heard ? ' ago' : ''}`;
  const lost = counted('refused', refused) + counted('dropped', dropped);
  return `${link.padEnd(8)} ${age.padEnd(24)} sent ${sent}  received ${received}${lost}`;
}

function transitionLine({ at, from, to, term, cause, evidence, steps }: LaneStatus['transitions'][number]): string {
  const times = Object.entries(steps).map(([step, ms]) => `${plain(step)} ${Math.round(ms)}`);
  const timed = times.length === 0 ? '' : ` (ms: ${times.join(', ')})`;
  return `${wallTime(at)} ${from} → ${to}, term ${term}, ${plain(cause)}: ${plain(evidence)}${timed}`;
}

/** Lines under a heading of eight columns. */
export function block(heading: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? heading : '').padEnd(9)}${line}`);
}

/** The pair lane's view: who owns the floats and who is heard. */
export function laneLines(lane: LaneStatus): string[] {
  const { peer, floats, nics } = lane;
  const twin = peer.heard
    ? `${plain(peer.role)}, term ${peer.term}, ${peer.ready ? 'ready' : 'NOT READY'}`
    : `not heard; last known ${plain(peer.role)}, term ${peer.term}`;
  return [
    ...block('router', [
      `${lane.node}: ${lane.role.toUpperCase()}, term ${lane.term}, ${lane.ready ? 'ready' : 'NOT READY'}, woke at most ${Math.round(lane.lateMs)} ms late`,
    ]),
    ...block('twin', [`${lane.node === 'a' ? 'b' : 'a'}: ${twin}`]),
    ...block('floats', [`public ${held(floats.public)} · private ${held(floats.private)}`]),
    ...block('NICs', [`public ${carrier(nics.public)} · private ${carrier(nics.private)}`]),
    ...block('links', lane.links.map(linkLine)),
    ...block('moves', lane.transitions.slice(0, SHOWN).map(transitionLine)),
  ];
}
