import type { NodeId } from '../../model/pair.ts';
import {
  type KeptMessage,
  MAX_USES,
  type ServerUse,
  type Stamp,
  type TwinPatch,
  type TwinRevision,
} from '../../model/twin.ts';
import { diverged, newer, newerUse, same, sameUse } from './order.ts';
import { RESEND_MS, type ReplicateEffect, type ReplicateEvent, type ReplicateState, type Stepped } from './types.ts';

/** From what the disk holds. `seen` as `remember` last said it. */
export function initialReplicate(
  node: NodeId,
  own: Stamp | undefined,
  uses: readonly ServerUse[],
  seen: ReplicateState['seen'],
): ReplicateState {
  const counter = uses.reduce((most, use) => Math.max(most, use.counter), seen.counter);
  return {
    node,
    own,
    uses: new Map(uses.map((use) => [use.server, use])),
    seen: { number: Math.max(seen.number, own?.number ?? 0), counter },
    open: false,
    twin: undefined,
    unkept: new Set(),
    taking: undefined,
    refused: undefined,
    resendAt: 0,
    told: 0,
  };
}

/** Both boxes hold the same, as far as this one has heard. */
export const agreed = (state: ReplicateState): boolean =>
  state.twin !== undefined && same(state.twin.revision, state.own) && state.unkept.size === 0;

/** When `tick` is due, ms; infinite when there is nothing to say again. */
export const wakeAt = (state: ReplicateState): number =>
  state.open && !agreed(state) ? state.resendAt : Number.POSITIVE_INFINITY;

const have = (state: ReplicateState, asks = false): ReplicateEffect => ({
  type: 'send',
  message: { do: 'have', revision: state.own ?? null, refused: state.refused ?? null, asks },
});

/** The twin lacks this box's revision and has not refused it. */
const wanting = ({ own, twin }: ReplicateState): boolean =>
  own !== undefined && twin !== undefined && newer(own, twin.revision) && !refusedBy(twin.refused, own);

const refusedBy = (refused: { number: number; digest: string } | undefined, stamp: Stamp): boolean =>
  refused?.number === stamp.number && refused.digest === stamp.digest;

const offers = (state: ReplicateState, patched = false): ReplicateEffect[] =>
  wanting(state) && state.own !== undefined ? [{ type: 'offer', stamp: state.own, patched }] : [];

function sendUses(state: ReplicateState, servers: Iterable<string>): ReplicateEffect[] {
  const uses = [...servers].flatMap((server) => state.uses.get(server) ?? []);
  return pieces(uses).map((piece) => ({ type: 'send', message: { do: 'uses', uses: piece } }));
}

function pieces(uses: readonly ServerUse[]): ServerUse[][] {
  const count = Math.ceil(uses.length / MAX_USES);
  return Array.from({ length: count }, (_, at) => uses.slice(at * MAX_USES, (at + 1) * MAX_USES));
}

/** Raises the clocks past what was heard. */
function hear(state: ReplicateState, number: number, counter: number): Stepped {
  const seen = { number: Math.max(state.seen.number, number), counter: Math.max(state.seen.counter, counter) };
  if (seen.number === state.seen.number && seen.counter === state.seen.counter) return { state, effects: [] };
  return { state: { ...state, seen }, effects: [{ type: 'remember', seen }] };
}

/** Says once which of two revisions made apart lost. */
function judge(state: ReplicateState, loser: Stamp | undefined, winner: Stamp | undefined): Stepped {
  if (loser === undefined || winner === undefined || !diverged(loser, winner) || state.told >= loser.number) {
    return { state, effects: [] };
  }
  return { state: { ...state, told: loser.number }, effects: [{ type: 'superseded', loser, winner }] };
}

function chain(state: ReplicateState, ...links: ((state: ReplicateState) => Stepped)[]): Stepped {
  return links.reduce<Stepped>(
    (so, link) => {
      const next = link(so.state);
      return { state: next.state, effects: [...so.effects, ...next.effects] };
    },
    { state, effects: [] },
  );
}

const said = (state: ReplicateState, effects: readonly ReplicateEffect[]): Stepped => ({ state, effects });

function heardRevision(state: ReplicateState, revision: TwinRevision | TwinPatch): Stepped {
  const { stamp } = revision;
  return chain(
    state,
    (now) => hear({ ...now, twin: { revision: stamp, refused: now.twin?.refused } }, stamp.number, 0),
    (now) => {
      if (!newer(stamp, now.own)) {
        const judged = judge(now, stamp, now.own);
        return said(judged.state, [...judged.effects, have(judged.state), ...offers(judged.state)]);
      }
      if (refusedBy(now.refused, stamp)) return said(now, [have(now)]);
      if (now.taking !== undefined && !newer(stamp, now.taking)) return said(now, []);
      // What it was made on is not here: this box says what it has, and is sent the whole.
      if (revision.do === 'patch' && !isBase(revision, now.own)) return said(now, [have(now)]);
      return said({ ...now, taking: stamp }, [{ type: 'take', revision }]);
    },
  );
}

const isBase = ({ base }: TwinPatch, own: Stamp | undefined): boolean =>
  own !== undefined && own.number === base.number && own.node === base.node && own.digest === base.digest;

function heardUses(state: ReplicateState, uses: readonly ServerUse[]): Stepped {
  const standing = (use: ServerUse): ServerUse | undefined => state.uses.get(use.server);
  const fresh = uses.filter((use) => newerUse(use, standing(use)));
  const known = uses.filter((use) => sameUse(use, standing(use)));
  const stale = uses.filter((use) => !fresh.includes(use) && !known.includes(use)).map((use) => use.server);
  const unkept = new Set([...state.unkept, ...stale]);
  for (const { server } of known) unkept.delete(server);
  const counter = uses.reduce((most, use) => Math.max(most, use.counter), 0);
  return chain(
    { ...state, unkept },
    (now) => hear(now, 0, counter),
    (now) =>
      said(now, [
        ...(fresh.length > 0 ? [{ type: 'keep', uses: fresh } as const] : []),
        ...(known.length > 0 ? [{ type: 'send', message: { do: 'kept', uses: known.map(receipt) } } as const] : []),
        ...sendUses(now, stale),
      ]),
  );
}

const receipt = ({ server, counter, node }: ServerUse) => ({ server, counter, node });

function heard(state: ReplicateState, message: KeptMessage): Stepped {
  switch (message.do) {
    case 'have': {
      const revision = message.revision ?? undefined;
      return chain(
        { ...state, twin: { revision, refused: message.refused ?? undefined } },
        (now) => hear(now, revision?.number ?? 0, 0),
        (now) => judge(now, revision, now.own),
        (now) => said(now, [...(message.asks ? [have(now)] : []), ...offers(now)]),
      );
    }
    case 'revision':
    case 'patch':
      return heardRevision(state, message);
    case 'uses':
      return heardUses(state, message.uses);
    case 'kept': {
      const unkept = new Set(state.unkept);
      for (const use of message.uses) if (sameUse(use, state.uses.get(use.server))) unkept.delete(use.server);
      return said({ ...state, unkept }, []);
    }
  }
}

/** @param now ms on the monotonic clock. */
export function step(state: ReplicateState, event: ReplicateEvent, now: number): Stepped {
  const resendAt = now + RESEND_MS;
  switch (event.type) {
    case 'opened': {
      const next = { ...state, open: true, twin: undefined, unkept: new Set(state.uses.keys()), resendAt };
      return said(next, [have(next), ...sendUses(next, next.unkept)]);
    }
    case 'closed':
      return said({ ...state, open: false, twin: undefined, unkept: new Set(), refused: undefined }, []);
    case 'heard':
      return state.open ? heard(state, event.message) : said(state, []);
    case 'revised': {
      const own = newer(event.stamp, state.own) ? event.stamp : state.own;
      const seen = { ...state.seen, number: Math.max(state.seen.number, event.stamp.number) };
      const next = { ...state, own, seen, resendAt };
      const patched = event.base !== undefined && event.base.digest === state.twin?.revision?.digest;
      return said(next, next.open ? offers(next, patched) : []);
    }
    case 'taken': {
      const own = newer(event.stamp, state.own) ? event.stamp : state.own;
      const taking = same(state.taking, event.stamp) ? undefined : state.taking;
      const judged = judge({ ...state, own, taking, refused: undefined }, state.own, event.stamp);
      return said(judged.state, [...judged.effects, ...(state.open ? [have(judged.state)] : [])]);
    }
    case 'not-taken': {
      const { number, digest } = event.stamp;
      const taking = same(state.taking, event.stamp) ? undefined : state.taking;
      const refused = event.reason === undefined ? state.refused : { number, digest, reason: event.reason };
      const next = { ...state, taking, refused };
      // Without a reason it is worth another try, but not at once: the twin offers it again in its own time.
      return said(next, state.open && event.reason !== undefined ? [have(next)] : []);
    }
    case 'used': {
      const counter = event.uses.reduce((most, use) => Math.max(most, use.counter), state.seen.counter);
      const servers = event.uses.map((use) => use.server);
      const uses = new Map([...state.uses, ...event.uses.map((use) => [use.server, use] as const)]);
      const unkept = state.open ? new Set([...state.unkept, ...servers]) : state.unkept;
      const next = { ...state, uses, unkept, resendAt, seen: { ...state.seen, counter } };
      return said(next, next.open ? sendUses(next, servers) : []);
    }
    case 'kept': {
      const taken = event.uses.filter((use) => newerUse(use, state.uses.get(use.server)));
      const uses = new Map([...state.uses, ...taken.map((use) => [use.server, use] as const)]);
      const unkept = new Set(state.unkept);
      // What is the twin's own word needs no confirmation by it.
      for (const { server } of taken) unkept.delete(server);
      const next = { ...state, uses, unkept };
      const message = { do: 'kept', uses: event.uses.slice(0, MAX_USES).map(receipt) } as const;
      return said(next, state.open ? [{ type: 'send', message }] : []);
    }
    case 'tick':
      if (!state.open || agreed(state) || now < state.resendAt) return said(state, []);
      return said({ ...state, resendAt }, [
        ...(same(state.twin?.revision, state.own) && state.twin !== undefined ? [] : [have(state, true)]),
        ...offers(state),
        ...sendUses(state, state.unkept),
      ]);
  }
}
