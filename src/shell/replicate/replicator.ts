import {
  initialReplicate,
  newer,
  type Reach,
  type ReplicateEffect,
  type ReplicateEvent,
  type ReplicateState,
  reachOf,
  refusalText,
  step,
  wakeAt,
} from '../../core/replicate/index.ts';
import { TandemError } from '../../model/error.ts';
import type { NodeId } from '../../model/pair.ts';
import { peerOf } from '../../model/pair.ts';
import type { Patch } from '../../model/patch.ts';
import {
  type KeptMessage,
  type PatchBase,
  revisionName,
  type ServerUse,
  type Stamp,
  type TwinPatch,
  type TwinRevision,
} from '../../model/twin.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { RevisionHead, Store } from '../../ports/store.ts';

/** How long an answer waits for the twin's disk, ms. */
export const SPREAD_MS = 5_000;

export interface ReplicatorParts {
  readonly node: NodeId;
  readonly clock: Clock;
  readonly store: Store;
  tell(message: KeptMessage): void;
  /**
   * Puts a revision of the twin on the disk, calls `stored`, and then puts it into force. Rejects with TandemError
   * `bad-document` when this box cannot apply it; nothing is changed then.
   */
  take(revision: TwinRevision | TwinPatch, stored: () => void): Promise<void>;
  /** Puts what the twin says of servers on the disk and into force. @throws TandemError `io`. */
  keep(uses: readonly ServerUse[]): void;
  record(kind: string, text: string, detail: unknown): void;
  /** Why the boxes do not hold the same; undefined when there is nothing to say. */
  differs(text: string | undefined): void;
}

/** Where something said here is held, as its answer says it. */
export interface Spread {
  readonly heldBy: readonly NodeId[];
  /** Why the twin does not hold it, one clause. */
  readonly twin?: string;
}

/** How a revision was made, when not of a text: a twin that has the base is sent the patch alone. */
export interface Made {
  readonly base: PatchBase;
  readonly patch: Patch;
}

export interface Replicator {
  readonly opened: () => void;
  readonly closed: () => void;
  readonly heard: (message: KeptMessage) => void;
  /** A revision that this disk holds goes to the twin. Resolves when the twin has it, or when it is clear that it has not. */
  spread(revision: RevisionHead, made?: Made): Promise<Spread>;
  /** The same for drained and enabled servers. */
  spreadUses(uses: readonly ServerUse[]): Promise<Spread>;
  close(): void;
}

export const stampOf = ({ number, node, author, digest, lineage }: RevisionHead): Stamp => ({
  number,
  node,
  seed: author === 'seed',
  digest,
  lineage,
});

/** Runs the replication core: what this disk holds goes to the twin, and the twin's newer word to this disk. */
export function createReplicator(parts: ReplicatorParts): Replicator {
  const { node, clock, store } = parts;
  const twin = peerOf(node);
  const latest = store.latest();
  let state: ReplicateState = initialReplicate(
    node,
    latest === undefined ? undefined : stampOf(latest),
    store.uses(),
    store.seen(),
  );
  const waiting = new Set<() => void>();
  let timer: Cancel | undefined;
  let open = true;
  /** The last revision of this box that is a patch. */
  let brief: TwinPatch | undefined;

  function post(event: ReplicateEvent): void {
    if (!open) return;
    const stepped = step(state, event, clock.now());
    state = stepped.state;
    parts.differs(refusalText(state));
    for (const effect of stepped.effects) run(effect);
    timer?.();
    const at = wakeAt(state);
    timer = at === Number.POSITIVE_INFINITY ? undefined : clock.at(at, () => post({ type: 'tick' }));
    for (const look of [...waiting]) look();
  }

  function run(effect: ReplicateEffect): void {
    switch (effect.type) {
      case 'send':
        parts.tell(effect.message);
        return;
      case 'offer':
        offer(effect.stamp, effect.patched);
        return;
      case 'take':
        void take(effect.revision);
        return;
      case 'keep':
        keep(effect.uses);
        return;
      case 'remember':
        onDisk('the twin’s counters', () => store.remember(effect.seen));
        return;
      case 'superseded': {
        const text = `${revisionName(effect.loser)} was superseded by ${revisionName(effect.winner)}: both were made apart`;
        parts.record('superseded', text, effect);
      }
    }
  }

  /** Whether the disk took it; a full one must not end what else there is to do. */
  function onDisk(what: string, write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      parts.record('not-stored', `${what} could not be written: ${String(error)}`, null);
      return false;
    }
  }

  function offer(stamp: Stamp, patched: boolean): void {
    if (patched && brief?.stamp.digest === stamp.digest && brief.stamp.number === stamp.number) {
      parts.tell(brief);
      return;
    }
    const found = store.latest();
    if (found === undefined || found.number !== stamp.number || found.digest !== stamp.digest) return;
    const { author, at, text } = found;
    parts.tell({ do: 'revision', stamp, author, at, text });
  }

  async function take(revision: TwinRevision | TwinPatch): Promise<void> {
    const { stamp } = revision;
    let stored = false;
    try {
      await parts.take(revision, () => {
        stored = true;
        post({ type: 'taken', stamp });
      });
      if (!stored) post({ type: 'not-taken', stamp, reason: undefined });
    } catch (error) {
      const reason = error instanceof TandemError && error.code === 'bad-document' ? why(error) : undefined;
      parts.record('not-taken', `${revisionName(stamp)} was not taken: ${reason ?? String(error)}`, null);
      if (!stored) post({ type: 'not-taken', stamp, reason });
    }
  }

  function keep(uses: readonly ServerUse[]): void {
    if (onDisk('what the twin has drained', () => parts.keep(uses))) post({ type: 'kept', uses });
  }

  /** Until `reach` has an answer, at most `SPREAD_MS`. */
  function reached(reach: () => Reach): Promise<Spread> {
    return new Promise((done) => {
      const end = (spread: Spread): void => {
        waiting.delete(look);
        cancel();
        done(spread);
      };
      const look = (): void => {
        const now = reach();
        if (now.at === 'held') end({ heldBy: ['a', 'b'] });
        else if (now.at !== 'waiting') end({ heldBy: [node], twin: clause(now) });
      };
      const cancel = clock.at(clock.now() + SPREAD_MS, () =>
        end({ heldBy: [node], twin: `${twin} has not confirmed it within ${SPREAD_MS / 1000} s and is asked again` }),
      );
      waiting.add(look);
      look();
    });
  }

  function clause(reach: Exclude<Reach, { at: 'held' | 'waiting' }>): string {
    if (reach.at === 'refused') return `${twin} cannot apply it: ${reach.reason}`;
    if (reach.at === 'superseded') return `${revisionName(reach.by)} is newer and comes into force instead`;
    return `${twin} does not answer; ${twin} takes it when it is heard again`;
  }

  const useReach = (servers: readonly string[]): Reach => {
    if (!state.open) return { at: 'away' };
    return { at: servers.some((server) => state.unkept.has(server)) ? 'waiting' : 'held' };
  };

  return {
    opened: () => post({ type: 'opened' }),
    closed: () => post({ type: 'closed' }),
    heard: (message) => post({ type: 'heard', message }),
    spread(revision, made) {
      const stamp = stampOf(revision);
      const { author, at } = revision;
      brief = made && { do: 'patch', stamp, author, at, ...made };
      if (newer(stamp, state.own)) post({ type: 'revised', stamp, base: made?.base });
      return reached(() => reachOf(state, stamp));
    },
    spreadUses(uses) {
      if (uses.length > 0) post({ type: 'used', uses });
      return reached(() => useReach(uses.map((use) => use.server)));
    },
    close() {
      open = false;
      timer?.();
    },
  };
}

function why(error: TandemError): string {
  const [first] = error.faults;
  const reason = first === undefined ? error.message : `${first.path}: ${first.value}: ${first.remedy}`;
  return reason.slice(0, 400);
}
