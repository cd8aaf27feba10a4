import { type Alarm, type NodeId, peerOf } from '../../model/pair.ts';
import { type Heard, wordOf } from './exchange.ts';
import type { CheckSpec, CheckState, Word } from './types.ts';

/** Alarms of one server each; of more than that both boxes say one word for all: a dead switch port must not cost thousands. */
export const MAX_DIFFERING = 8;

/** Intervals that a difference is borne beyond what the slower box needs to find a turn. */
const BORNE = 3;
/** For the way of a word to the other box, ms. */
const ON_ITS_WAY_MS = 2_000;

/** How long two verdicts of one check may differ before it is worth a person's eye, ms. */
export const patienceOf = ({ rise, fall, interval, timeout }: CheckSpec): number =>
  (Math.max(rise, fall) + BORNE) * Math.max(interval, timeout) + ON_ITS_WAY_MS;

export interface Differing {
  /** By server, since when its two verdicts differ, monotonic ms. */
  readonly since: ReadonlyMap<string, number>;
  readonly alarms: readonly Alarm[];
}

export interface Compared {
  readonly node: NodeId;
  readonly checks: readonly CheckState[];
  /** By check id. */
  readonly names: ReadonlyMap<string, string>;
  /** undefined = the twin says nothing that counts, so nothing differs. */
  readonly heard: Heard | undefined;
}

/** Where both boxes have proved the contrary of each other, and which of that has lasted. */
export function differing(
  before: Differing['since'],
  { node, checks, names, heard }: Compared,
  now: number,
): Differing {
  const since = new Map<string, number>();
  const lasting: { name: string; text: string }[] = [];
  for (const check of heard === undefined || heard.words.size === 0 ? [] : checks) {
    const name = names.get(check.spec.id);
    const theirs = name === undefined ? undefined : heard?.words.get(name);
    if (name === undefined || theirs === undefined || theirs.verdict === check.verdict) continue;
    const own = wordOf(check, now);
    if (own.verdict === 'unknown') continue;
    const from = before.get(name) ?? now;
    since.set(name, from);
    if (now - from > patienceOf(check.spec)) lasting.push({ name, text: textOf(node, name, check.spec, own, theirs) });
  }
  return { since, alarms: alarmsOf(lasting) };
}

function alarmsOf(lasting: readonly { readonly name: string; readonly text: string }[]): Alarm[] {
  const [first] = lasting;
  if (first === undefined) return [];
  if (lasting.length <= MAX_DIFFERING) {
    return lasting.map(({ name, text }) => ({ code: 'health-differs', subject: name, text }));
  }
  const text = `the boxes’ checks differ about ${lasting.length} servers, the first is ${first.text}`;
  return [{ code: 'health-differs', subject: '', text }];
}

/** The same on both boxes. */
function textOf(node: NodeId, name: string, { address, port }: CheckSpec, own: Word, theirs: Word): string {
  const finds = (which: NodeId): string => {
    const { verdict, reason } = which === node ? own : theirs;
    return `${which} finds it ${verdict}${reason === '' ? '' : ` (${reason})`}`;
  };
  const [one, two] = node === 'a' ? [node, peerOf(node)] : [peerOf(node), node];
  return `${name} (${address}${port === 0 ? '' : `:${port}`}): ${finds(one)}, ${finds(two)}`;
}
