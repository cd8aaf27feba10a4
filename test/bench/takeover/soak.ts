import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { NODES } from '../../../image/rack/figure.ts';
import type { NodeId } from '../../../src/model/pair.ts';
import type { Lanes } from './lanes.ts';
import type { Spaces } from './spaces.ts';

export interface LaneSoakResult {
  readonly minutes: number;
  /** Endless loops of ordinary priority, of both boxes together, on so many processors. */
  readonly hogs: number;
  readonly processors: number;
  /** Terms that were begun; none is what is asked for. */
  readonly terms: number;
  /** Looks that found another box with the floats, or none. */
  readonly elsewhere: number;
  readonly looks: number;
  /** Looks at a lane that got no answer. */
  readonly unanswered: number;
  /** The latest that each lane woke, ms. */
  readonly late_ms: Readonly<Record<NodeId, number>>;
  /** What each lane takes of one processor, 0 to 1. */
  readonly share: Readonly<Record<NodeId, number>>;
  /** Beats that came damaged over the serial line and were refused, at both ends. */
  readonly corrupted: number;
  readonly ok: boolean;
}

/** Between two looks, ms: shorter than what a lane's `lateMs` remembers. */
const LOOK = 5000;
const MINUTE = 60_000;
/** Of the bytes on the serial line. */
const NOISE = 0.01;
const HOG = ['sh', '-c', 'while :; do :; done'];

/** Endless loops on every processor and damage on the serial line, for so long. Ok when nobody moved and every look was answered. */
export async function soakLanes(
  spaces: Spaces,
  pair: Lanes,
  minutes: number,
  progress: (text: string) => void,
): Promise<LaneSoakResult> {
  await pair.ready(spaces);
  const seen = async () => ({ a: await pair.lane('a'), b: await pair.lane('b') });
  const first = await seen();
  pair.noise(NOISE);
  const processors = availableParallelism();
  const spent = { a: spaces.processorMs('a'), b: spaces.processorMs('b') };
  const hogs = NODES.flatMap((node) => Array.from({ length: processors }, () => spaces.start(node, HOG, true)));
  const begun = performance.now();
  const late: Record<NodeId, number> = { a: 0, b: 0 };
  let [looks, unanswered, elsewhere, term, corrupted] = [0, 0, 0, first.a!.term, 0];
  try {
    while (performance.now() - begun < minutes * MINUTE) {
      await pause(LOOK);
      const now = await seen();
      looks += 1;
      for (const node of NODES) {
        if (now[node] === undefined) unanswered += 1;
        late[node] = Math.max(late[node], Math.round(now[node]?.lateMs ?? 0));
        term = Math.max(term, now[node]?.term ?? 0);
      }
      if (now.a?.role !== 'active' || now.b?.role !== 'standby') elsewhere += 1;
      const serial = NODES.map((node) => now[node]?.links.find(({ link }) => link === 'serial'));
      corrupted = serial.reduce((sum, link) => sum + (link?.refused.corrupted ?? 0), 0);
      if (looks % 12 === 0) {
        const words = `${term - first.a!.term} new terms, woke at most ${late.a} and ${late.b} ms late`;
        progress(`soak: ${Math.round((performance.now() - begun) / MINUTE)} of ${minutes} min, ${words}`);
      }
    }
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
  const passed = performance.now() - begun;
  const share = (node: NodeId) => Math.round((1000 * (spaces.processorMs(node) - spent[node])) / passed) / 1000;
  const terms = term - first.a!.term;
  return {
    ...{ minutes, hogs: hogs.length, processors, terms, elsewhere, looks, unanswered },
    ...{ late_ms: late, share: { a: share('a'), b: share('b') }, corrupted },
    ok: terms === 0 && elsewhere === 0 && unanswered === 0,
  };
}

export function soakTold(result: LaneSoakResult): string[] {
  const { minutes, hogs, processors, terms, looks, elsewhere, unanswered, late_ms, share, corrupted } = result;
  return [
    `${minutes} min with ${hogs} endless loops on ${processors} processors and ${NOISE * 100} % of the serial line’s bytes damaged`,
    `${terms} new terms; ${looks} looks, ${elsewhere} of them with the floats elsewhere, ${unanswered} lanes unanswered`,
    `woke at most ${late_ms.a} ms (a) and ${late_ms.b} ms (b) late; ${percent(share.a)} and ${percent(share.b)} % of a processor; ` +
      `${corrupted} damaged frames refused: ${result.ok ? 'ok' : 'NOT ok'}`,
  ];
}

const percent = (share: number): string => (100 * share).toFixed(1);
