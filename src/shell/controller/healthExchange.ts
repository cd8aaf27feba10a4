import {
  type Differing,
  differing,
  type Heard,
  hear,
  type Known,
  type Named,
  recall,
  remember,
  type Telling,
  tell,
  valid,
  type Word,
} from '../../core/health/index.ts';
import { healthMemorySchema } from '../../model/healthMemory.ts';
import type { NodeId } from '../../model/pair.ts';
import type { TwinHealth } from '../../model/twin.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { RunFile } from '../../ports/runFile.ts';
import type { Alarms } from './alarms.ts';
import type { Checks } from './checks.ts';

/** Between two looks at what is new, ms; sooner while there is more to say. */
export const LOOK_MS = 1_000;
const MORE_MS = 100;
/** What is known is kept, said and compared this often when nothing turns, ms: a checker that is stuck turns nothing. */
export const CALM_MS = 5_000;

/** Between two times at the least that what is known is kept, ms: many servers that flap must not keep the disk busy. */
const KEPT_APART_MS = 250;

export interface HealthExchangeParts {
  readonly node: NodeId;
  readonly clock: Clock;
  readonly checks: Pick<Checks, 'all' | 'heed'>;
  readonly alarms: Alarms;
  readonly file: RunFile;
  tell(message: TwinHealth): void;
  /** Names of the services whose quorum is lost here. */
  lost(): readonly string[];
  /** This box owns the floats. */
  owns(): boolean;
  /** The twin's word of quorums or of its ownership is another one. */
  changed(): void;
}

export interface HealthExchange {
  /** The document in force from here on; its checks come into force between this and `replaced`. */
  follow(named: Named, digest: string): void;
  replaced(): void;
  /** By check id, what the process before this one on this box knew. @param adopted what the kernel says */
  recall(adopted: Readonly<Record<string, 'up' | 'down'>>): ReadonlyMap<string, Known>;
  /** Whether a service has its quorum by the word of a twin that owns the floats; undefined = there is none. */
  ownersWord(service: string): boolean | undefined;
  readonly opened: () => void;
  readonly closed: () => void;
  readonly heard: (message: TwinHealth) => void;
  /** Verdicts have turned: they are kept now, or, when that was done just before, with the next look. */
  turned(): void;
  readonly close: Close;
}

const NOTHING: Named = { names: new Map(), ids: new Map() };

/** Runs the exchange of verdicts with the twin, and keeps this box's own for the process after this one. */
export function createHealthExchange(parts: HealthExchangeParts): HealthExchange {
  const { node, clock, checks, alarms, file } = parts;
  let named = NOTHING;
  let digest = '';
  let open = false;
  let telling: Telling | undefined;
  let heard: Heard | undefined;
  let since: Differing['since'] = new Map();
  let keptAt = Number.NEGATIVE_INFINITY;
  /** Nothing has turned until then. */
  let calmUntil = Number.NEGATIVE_INFINITY;
  let timer: Cancel | undefined;

  const twin = (): Heard | undefined => valid(heard, digest, clock.now());

  /** The twin's words by the ids of this box's checks. */
  function heed(words: ReadonlyMap<string, Word>): void {
    const byId = new Map<string, Word>();
    for (const [name, word] of words) {
      const id = named.ids.get(name);
      if (id !== undefined) byId.set(id, word);
    }
    if (byId.size > 0) checks.heed(byId);
  }

  /** Whether there is more to say at once. */
  function say(): boolean {
    if (!open || digest === '') return false;
    const present = { digest, checks: checks.all(), names: named.names, lost: parts.lost(), owns: parts.owns() };
    const told = tell(telling, present, clock.now());
    telling = told.telling;
    for (const message of told.messages) parts.tell(message);
    return told.more;
  }

  function compare(): void {
    // A twin that is still saying all it knows takes nothing back by what it has not said yet.
    if (heard?.more === true && twin() !== undefined) return;
    const compared = { node, checks: checks.all(), names: named.names, heard: twin() };
    const found = differing(since, compared, clock.now());
    since = found.since;
    for (const alarm of found.alarms) alarms.set(alarm, true);
    alarms.keepOnly('health-differs', new Set(found.alarms.map(({ subject }) => subject)));
  }

  function keep(): void {
    if (digest === '') return;
    keptAt = clock.now();
    file.save(JSON.stringify(remember(checks.all(), named.names, digest, keptAt)));
  }

  function look(): void {
    timer?.();
    if (heard !== undefined && heard.closedAt !== undefined && twin() === undefined) forget();
    const due = clock.now() >= calmUntil || (open && telling?.owns !== parts.owns());
    const more = due && say();
    if (!more && (due || since.size > 0)) compare();
    if (due && !more) {
      keep();
      calmUntil = clock.now() + CALM_MS;
    }
    timer = clock.at(clock.now() + (more ? MORE_MS : LOOK_MS), look);
  }

  const turned = (): void => {
    calmUntil = clock.now();
  };

  /** What the twin said is too old. */
  function forget(): void {
    const told = heard !== undefined && (heard.lost.size > 0 || heard.owns);
    heard = undefined;
    turned();
    if (told) parts.changed();
  }

  timer = clock.at(clock.now() + LOOK_MS, look);

  return {
    follow(next, nextDigest) {
      named = next;
      digest = nextDigest;
      since = new Map();
    },
    replaced() {
      const word = twin();
      if (word !== undefined) heed(word.words);
      turned();
    },
    recall(adopted) {
      const memory = healthMemorySchema.safeParse(parsed(file.load()));
      if (!memory.success) return new Map();
      return recall(memory.data, { names: named.names, digest, adopted, lost: new Set(parts.lost()) }, clock.now());
    },
    ownersWord(service) {
      const word = parts.owns() ? undefined : twin();
      return word?.owns === true ? !word.lost.has(service) : undefined;
    },
    opened() {
      open = true;
      telling = undefined;
      turned();
      look();
    },
    closed() {
      open = false;
      if (heard !== undefined) heard = { ...heard, closedAt: clock.now() };
    },
    heard(message) {
      const before = heard;
      heard = hear(before, message, clock.now());
      turned();
      if (twin() === undefined) return;
      const { words } = heard;
      const said = message.words.flatMap(({ server }) => {
        const word = words.get(server);
        return word === undefined ? [] : [[server, word] as const];
      });
      heed(new Map(said));
      if (before?.owns !== heard.owns || message.lost !== null) parts.changed();
    },
    turned() {
      turned();
      if (clock.now() - keptAt >= KEPT_APART_MS) keep();
    },
    close() {
      timer?.();
      keep();
    },
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
