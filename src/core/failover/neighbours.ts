import type { Neighbour } from '../../model/lane.ts';
import type { Side } from '../../model/pair.ts';
import type { Restored } from '../../model/timeline.ts';
import type { Asking, FailoverState } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/**
 * Proof that the floats are found here. An ARP request whose sender is the float updates the entry of whoever it asks before
 * that answers (RFC 826, packet reception), so a reply that is addressed to this node's MAC shows a right entry.
 */

/** Between rounds of questions, ms, then `LAST_GAP`; only those that have not answered are asked again. */
const GAPS = [20, 50, 100, 200, 400, 800, 1600];
const LAST_GAP = 2000;

/** How long all are asked, ms. Afterwards only a gateway, without which nobody is served, every so many. */
export const ASK_LIMIT = 5000;
const SLOWLY = 5000;

/** The beat that says who owns the floats goes out before the first question, ms. */
const AFTER_THE_BEAT = 1;

/** @param from the cause of the move, from which a person counts. */
export function startAsking({ config }: FailoverState, from: number, now: number): Asking | undefined {
  const { neighbours = [] } = config;
  if (neighbours.length === 0) return undefined;
  return { neighbours, from, since: now, rounds: 0, nextAt: now + AFTER_THE_BEAT, answers: {}, told: false };
}

/** Asks who has not answered, when that is due, and tells the outcome. */
export function askNeighbours(turn: Turn): void {
  const { state, now } = turn;
  const { own } = state;
  if (own?.asking === undefined || own.doubt !== undefined) return;
  let { asking } = own;
  const over = now - asking.since >= ASK_LIMIT;
  const silent = asking.neighbours.filter(({ address }) => asking.answers[address] === undefined);
  if (!asking.told && (over || silent.length === 0)) {
    asking = { ...asking, told: true };
    emit(turn, { type: 'restored', restored: restoredOf(asking) });
  }
  if (now >= asking.nextAt && silent.length > 0) {
    const asked = silent.filter(({ kind, side }) => state.nics[side] && (kind === 'gateway' || !over));
    if (asked.length > 0) emit(turn, { type: 'ask', neighbours: asked });
    const gap = over ? SLOWLY : (GAPS[asking.rounds] ?? LAST_GAP);
    asking = { ...asking, rounds: asking.rounds + 1, nextAt: now + gap };
  }
  if (asking !== own.asking) patch(turn, { own: { ...own, asking } });
}

/** A neighbour answered. */
export function resolved(turn: Turn, side: Side, address: string): void {
  const { own } = turn.state;
  if (own?.asking === undefined) return;
  const { asking } = own;
  const whose = asking.neighbours.find((each) => each.side === side && each.address === address);
  if (whose === undefined || asking.answers[address] !== undefined) return;
  const told = asking.told && whose.kind !== 'gateway';
  const answers = { ...asking.answers, [address]: turn.now - asking.from };
  patch(turn, { own: { ...own, asking: { ...asking, answers, told } } });
}

/** Gateways that have not answered in all the time there was. */
export function unresolved(state: FailoverState, now: number): readonly Neighbour[] {
  const asking = state.own?.asking;
  if (asking === undefined || now - asking.since < ASK_LIMIT) return [];
  return asking.neighbours.filter(
    ({ kind, side, address }) => kind === 'gateway' && state.nics[side] && asking.answers[address] === undefined,
  );
}

/** How it stands. Without a gateway's answer nothing is restored; real servers may be down of their own accord. */
export function restoredOf({ neighbours, answers, from }: Asking): Restored {
  const each = neighbours.map((neighbour) => ({ ...neighbour, ms: answers[neighbour.address] ?? null }));
  const times = each.flatMap(({ ms }) => ms ?? []);
  const without = times.length === 0 || each.some(({ kind, ms }) => kind === 'gateway' && ms === null);
  const ms = without ? null : Math.max(...times);
  return { ms, at: ms === null ? null : from + ms, neighbours: each };
}
