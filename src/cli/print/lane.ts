import { restoredText } from '../../core/timeline/words.ts';
import { holdWords, returnWords } from '../../model/laneWords.ts';
import type { LaneStatus } from '../../model/status.ts';
import { plain } from '../io.ts';
import { block } from './block.ts';
import { losses, quality } from './links.ts';
import { wallTime } from './time.ts';

/** Transitions shown; `--json` has them all. */
const SHOWN = 3;

const held = (yes: boolean): string => (yes ? 'held' : 'not held');
const carrier = (yes: boolean): string => (yes ? 'up' : 'DOWN');

function linkLine(state: LaneStatus['links'][number]): string {
  const { link, heard, ageMs, sent, received, hearsUs } = state;
  const age =
    ageMs === null ? 'never heard' : `${heard ? 'heard' : 'SILENT for'} ${Math.round(ageMs)} ms${heard ? ' ago' : ''}`;
  const oneWay = heard && hearsUs === false ? 'NOT HEARD by the twin' : '';
  const more = [oneWay, quality(state), losses(state)].filter((text) => text !== '');
  return [`${link.padEnd(9)} ${age.padEnd(24)} sent ${sent}  received ${received}`, ...more].join('  ');
}

const heldBy = ({ hold }: LaneStatus): string => (hold === undefined ? '' : `, ${plain(holdWords(hold))}`);

function transitionLine({ at, from, to, term, cause, evidence, steps }: LaneStatus['transitions'][number]): string {
  const times = Object.entries(steps).map(([step, ms]) => `${plain(step)} ${Math.round(ms)}`);
  const timed = times.length === 0 ? '' : ` (ms: ${times.join(', ')})`;
  return `${wallTime(at)} ${from} → ${to}, term ${term}, ${plain(cause)}: ${plain(evidence)}${timed}`;
}

/** The pair lane's view: who owns the floats and who is heard. */
export function laneLines(lane: LaneStatus): string[] {
  const { peer, floats, nics } = lane;
  const twin = peer.heard
    ? `${plain(peer.role)}, term ${peer.term}, ${peer.held === true ? 'HELD by an operator' : peer.ready ? 'ready' : 'NOT READY'}`
    : `not heard; last known ${plain(peer.role)}, term ${peer.term}`;
  return [
    ...block('router', [
      `${lane.node}: ${lane.role.toUpperCase()}, term ${lane.term}, ${lane.ready ? 'ready' : 'NOT READY'}${heldBy(lane)}, woke at most ${Math.round(lane.lateMs)} ms late`,
    ]),
    ...block('twin', [`${lane.node === 'a' ? 'b' : 'a'}: ${twin}`]),
    ...block('floats', [`public ${held(floats.public)} · private ${held(floats.private)}`]),
    ...(lane.restored === undefined ? [] : block('clients', [plain(restoredText(lane.restored))])),
    ...(lane.returns === undefined ? [] : block('returns', [plain(returnWords(lane.returns))])),
    ...block('NICs', [`public ${carrier(nics.public)} · private ${carrier(nics.private)}`]),
    ...block('links', lane.links.map(linkLine)),
    ...block('moves', lane.transitions.slice(0, SHOWN).map(transitionLine)),
  ];
}
