import { LIMITS } from '../../model/document.ts';
import { MAX_WHY, MAX_WORDS, type TwinHealth } from '../../model/twin.ts';
import { isStuck } from './step.ts';
import type { CheckState, Word } from './types.ts';

/**
 * What the two boxes tell each other of their checks. Each asks the servers itself, from its own address; the other's word
 * is for what it could not ask, and for finding that both do not see the same.
 */

/** Messages at once; the rest waits for the next turn, so that a large table does not fill the channel. */
export const MAX_MESSAGES = 2;
/** How long the word of a twin that is not heard any more stands, ms: a restart of its controller is no news. */
export const WORD_MS = 10_000;

const UNKNOWN: Word = { verdict: 'unknown', reason: '', risenAt: undefined };

/** What this box has proved of a server, and proves still. */
export function wordOf(check: CheckState, now: number): Word {
  if (check.verdict === 'unknown' || check.provenSince === undefined || isStuck(check, now)) return UNKNOWN;
  const { verdict, risenAt } = check;
  const reason = check.reason.length > MAX_WHY ? check.reason.slice(0, MAX_WHY) : check.reason;
  return { verdict, reason, risenAt: verdict === 'up' ? risenAt : undefined };
}

/** What the twin has been told on the channel that is open. */
export interface Telling {
  readonly digest: string;
  /** By server; what is not in it is `unknown`. */
  readonly told: ReadonlyMap<string, Word>;
  /** Names of services whose quorum is lost, as one text. */
  readonly lost: string;
  readonly owns: boolean;
}

export interface Present {
  /** Of the document in force. */
  readonly digest: string;
  readonly checks: readonly CheckState[];
  /** By check id. */
  readonly names: ReadonlyMap<string, string>;
  readonly lost: readonly string[];
  readonly owns: boolean;
}

export interface Told {
  readonly telling: Telling;
  readonly messages: readonly TwinHealth[];
  /** There is more to say at once. */
  readonly more: boolean;
}

/**
 * What there is to say to the twin now, in at most `MAX_MESSAGES` messages of `MAX_WORDS` each.
 * @param before undefined = nothing has been said since the channel opened @param now monotonic ms
 */
export function tell(before: Telling | undefined, present: Present, now: number): Told {
  const { digest, owns } = present;
  const first = before === undefined || before.digest !== digest;
  const said: ReadonlyMap<string, Word> = first ? new Map() : before.told;
  const lost = present.lost.join('\n');
  const news: [string, Word][] = [];
  let more = false;
  for (const check of present.checks) {
    const name = present.names.get(check.spec.id);
    if (name === undefined) continue;
    const word = wordOf(check, now);
    if (sameWord(word, said.get(name) ?? UNKNOWN)) continue;
    if (news.length === MAX_MESSAGES * MAX_WORDS) {
      more = true;
      break;
    }
    news.push([name, word]);
  }
  const framing = first || before.lost !== lost || before.owns !== owns;
  if (!framing && news.length === 0) return { telling: before, messages: [], more };
  const count = Math.max(1, Math.ceil(news.length / MAX_WORDS));
  const messages = Array.from({ length: count }, (_, at): TwinHealth => {
    const words = news.slice(at * MAX_WORDS, (at + 1) * MAX_WORDS);
    return {
      do: 'health',
      digest,
      first: first && at === 0,
      owns,
      lost: at === 0 && (first || before.lost !== lost) ? [...present.lost] : null,
      words: words.map(([server, { verdict, reason, risenAt }]) => ({
        server,
        verdict,
        reason,
        risenMs: risenAt === undefined ? null : Math.max(0, now - risenAt),
      })),
      more: more || at < count - 1,
    };
  });
  const told = new Map([...said, ...news]);
  return { telling: { digest, told, lost, owns }, messages, more };
}

const sameWord = (x: Word, y: Word): boolean =>
  x.verdict === y.verdict && x.reason === y.reason && x.risenAt === y.risenAt;

/** What the twin has said. */
export interface Heard {
  readonly digest: string;
  readonly owns: boolean;
  readonly lost: ReadonlySet<string>;
  /** By server. */
  readonly words: ReadonlyMap<string, Word>;
  /** It has not said all of what it knows yet. */
  readonly more: boolean;
  /** Since when the channel is closed, monotonic ms; undefined = it is open. */
  readonly closedAt: number | undefined;
}

/** @param now monotonic ms; what the twin says of its past counts from here. */
export function hear(before: Heard | undefined, message: TwinHealth, now: number): Heard {
  const fresh = message.first || before === undefined || before.digest !== message.digest;
  const words = new Map(fresh ? undefined : before.words);
  for (const { server, verdict, reason, risenMs } of message.words) {
    if (verdict === 'unknown') words.delete(server);
    else if (words.size < LIMITS.servers || words.has(server)) {
      words.set(server, { verdict, reason, risenAt: risenMs === null ? undefined : now - risenMs });
    }
  }
  const { digest, owns } = message;
  const lost = message.lost === null ? ((fresh ? undefined : before.lost) ?? new Set()) : new Set(message.lost);
  return { digest, owns, lost, words, more: message.more, closedAt: undefined };
}

/** What the twin has said of the document in force here, and not too long ago; undefined when there is nothing of that kind. */
export function valid(heard: Heard | undefined, digest: string, now: number): Heard | undefined {
  if (heard === undefined || heard.digest !== digest) return undefined;
  return heard.closedAt === undefined || now - heard.closedAt <= WORD_MS ? heard : undefined;
}
