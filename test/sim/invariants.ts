import { type NodeId, peerOf, SIDES, type Side } from '../../src/model/pair.ts';
import type { Box } from './box.ts';
import type { Wire } from './wire.ts';
import { carries, clean, serves, type World } from './world.ts';

/**
 * What must hold at every instant. `check` returns the first thing that does not.
 *
 * One owner: never do both boxes answer for a float on one LAN. The exception is two owners who come into contact after
 * neither could know of the other: a thawed guest, a mended partition, a NIC plugged in. They have one beat's interval
 * plus its travel and the lateness of timers (`MEETING`) when a clean wire leads from the higher term to the lower, the time
 * in which a beat comes through when it loses some, when bytes that were held up before it was mended are still ahead of what is sent now, or when the lower has not heard that process before, and the time of the guard probes
 * when no beat passes at all. A box whose lane cannot act has its watchdog's
 * time, and the floats' lifetime when the watchdog cannot act either.
 * Together: a kernel holds both floats or none, but for a float somebody deleted by hand, until the lane notices.
 * Terms: a disk's term only grows, nobody owns under a term that is not on the own disk, and no box comes to own twice
 * under one term or under a lower one, restarts or not, unless its disk was torn.
 * Lifetime: a float whose lane has not been able to act for `LIFETIME` is gone, if its kernel runs.
 * Service: while one box is fit without a break and could prove itself the owner, somebody serves within `SERVICE`.
 * Calm: at most two moves for each disturbance, a preferred box's own included; one more for who is first, and for a
 * preferred box that was not.
 */
export interface Invariants {
  check(): string | undefined;
  /** Somebody deletes a float by hand: alone it may stay until noticed. */
  excuseSplit(box: Box): void;
}

const INTERVAL = 20;
const MEETING = INTERVAL + 8;
const LOSSY = 300;
const GUARDED = 2600;
const WATCHDOG = 1000;
const SERVICE = 3000;
const NOTICE = 5;
const LIFETIME = 2500;

/** A run of lost beats that no number of seeds is likely to see. */
const UNLIKELY = 1e-7;

/** Until a beat has come through the best of these wires, but for such a run, ms; the guard's time where hardly any does. */
function comesThroughIn(wires: readonly Wire[]): number {
  const lost = Math.min(...wires.map(({ ailment }) => 1 - (1 - ailment.loss) * (1 - ailment.noise)));
  return lost === 0 ? 0 : Math.min(GUARDED, (INTERVAL * Math.log(UNLIKELY)) / Math.log(lost));
}

export function createInvariants(world: World): Invariants {
  const { boxes, lans, schedule } = world;
  const pair = [boxes.a, boxes.b] as const;
  const contact: Record<Side, { now: boolean; since: number }> = {
    public: { now: false, since: 0 },
    private: { now: false, since: 0 },
  };
  const splitSince: Record<NodeId, number | undefined> = { a: undefined, b: undefined };
  const excused: Record<NodeId, number> = { a: -Infinity, b: -Infinity };
  const looked: Record<NodeId, { at: number; frozen: boolean; stood: number }> = {
    a: { at: 0, frozen: false, stood: 0 },
    b: { at: 0, frozen: false, stood: 0 },
  };
  const ableSince: Record<NodeId, number> = { a: 0, b: 0 };
  /** When its kernel last ran under a lane that could act. */
  const keptAt: Record<NodeId, number> = { a: 0, b: 0 };
  const owned: Record<NodeId, { owning: boolean; term: number; torn: number }> = {
    a: { owning: false, term: 0, torn: 0 },
    b: { owning: false, term: 0, torn: 0 },
  };
  let servedAt = 0;
  let shrunk: string | undefined;

  for (const box of pair) {
    box.disk.onWrite = (before, after) => {
      if (after < before) shrunk = `terms: ${box.name}'s disk went from ${before} back to ${after}`;
    };
  }

  const patience = (): number => {
    if (pair.some((box) => box.stalled)) return LIFETIME;
    if (pair.some((box) => !box.awake())) return WATCHDOG;
    const term = (box: Box): number => box.runner?.state().own?.term ?? 0;
    const higher = term(boxes.a) >= term(boxes.b) ? boxes.a : boxes.b;
    const known = boxes[peerOf(higher.name)].runner?.state().peer.boot === higher.runner?.state().config.boot;
    const ways = world.wires[higher.name];
    const late = Math.max(15, boxes.a.lateness, boxes.b.lateness);
    if (known && ways.some((wire) => clean(world, wire))) return MEETING + late;
    const carrying = ways.filter((wire) => carries(world, wire));
    if (carrying.length === 0) return GUARDED;
    return Math.max(LOSSY, comesThroughIn(carrying)) + late + Math.max(...carrying.map(({ ailment }) => ailment.delay));
  };

  /** The patience there is, and since when: a wire that comes back gives its own time. */
  let allowed = { patience: GUARDED, since: 0 };

  const oneOwner = (side: Side, now: number): string | undefined => {
    const meets = lans[side].connected() && !boxes.a.frozen && !boxes.b.frozen;
    if (meets && !contact[side].now) contact[side].since = now;
    contact[side].now = meets;
    if (!meets || !boxes.a.kernel.held[side] || !boxes.b.kernel.held[side]) return undefined;
    const current = patience();
    if (current !== allowed.patience) allowed = { patience: current, since: now };
    const met = now - contact[side].since;
    if (now - Math.max(contact[side].since, allowed.since) <= current) return undefined;
    return `one owner: both answer for the ${side} float, ${met.toFixed(1)} ms after they could know of each other`;
  };

  /** How much of the time since the last look the box was frozen: it answers nobody then, and can put nothing right. */
  const look = (box: Box, now: number): void => {
    const last = looked[box.name];
    last.stood = last.frozen ? now - last.at : 0;
    last.at = now;
    last.frozen = box.frozen;
  };

  const together = (box: Box, now: number): string | undefined => {
    const { held } = box.kernel;
    if (held.public === held.private || !box.powered) {
      splitSince[box.name] = undefined;
      return undefined;
    }
    const { stood } = looked[box.name];
    excused[box.name] += stood;
    const since = (splitSince[box.name] ?? now) + stood;
    splitSince[box.name] = since;
    const limit = box.awake() ? NOTICE + box.lateness : LIFETIME;
    if (now - excused[box.name] < LIFETIME && now - since <= limit) return undefined;
    return `together: ${box.name} has held one float without the other for ${(now - since).toFixed(1)} ms`;
  };

  const unwritten = (box: Box): string | undefined => {
    const owned = box.runner?.state().own?.term;
    if (owned === undefined || owned <= box.disk.term()) return undefined;
    return `terms: ${box.name} owns under term ${owned}, its disk says ${box.disk.term()}`;
  };

  const growing = (box: Box): string | undefined => {
    const last = owned[box.name];
    const term = box.runner?.state().own?.term;
    if (term === undefined || last.owning) {
      last.owning = term !== undefined;
      return undefined;
    }
    const before = last.torn === box.disk.torn() ? last.term : 0;
    owned[box.name] = { owning: true, term, torn: box.disk.torn() };
    return term > before ? undefined : `terms: ${box.name} owns under term ${term} after ${before}`;
  };

  const lifetime = (box: Box, now: number): string | undefined => {
    const { held } = box.kernel;
    if (box.awake() || !(held.public || held.private)) keptAt[box.name] = now;
    keptAt[box.name] += looked[box.name].stood;
    const dead = now - keptAt[box.name];
    return dead <= LIFETIME
      ? undefined
      : `lifetime: ${box.name} answers ${dead.toFixed(0)} ms after its lane stood still`;
  };

  /** Another box holds a float that answers, and no beats pass both ways: there is no proof to be had. */
  const unprovable = (fit: Box): boolean => {
    const other = boxes[peerOf(fit.name)];
    const holds = SIDES.some((side) => other.answers(side) && lans[side].connected());
    const talk = (from: NodeId): boolean => world.wires[from].some((wire) => carries(world, wire));
    return holds && !(talk('a') && talk('b'));
  };

  const service = (now: number): string | undefined => {
    if (serves(boxes.a) || serves(boxes.b)) {
      // Whoever has been able to serve until now is looked at from now on.
      servedAt = now;
      return undefined;
    }
    for (const box of pair) {
      // Nothing may happen, and so nobody look, from a freeze to its thaw: that time counts for nothing.
      const wasFrozen = looked[box.name].stood > 0;
      if (wasFrozen || !box.healthy() || unprovable(box)) ableSince[box.name] = now;
      if (now - Math.max(servedAt, ableSince[box.name]) <= SERVICE) continue;
      return `service: nobody has served for ${(now - servedAt).toFixed(0)} ms, though ${box.name} has been able to`;
    }
    return undefined;
  };

  return {
    excuseSplit(box) {
      excused[box.name] = schedule.now();
    },
    check() {
      const now = schedule.now();
      for (const box of pair) look(box, now);
      const found =
        shrunk ??
        oneOwner('public', now) ??
        oneOwner('private', now) ??
        together(boxes.a, now) ??
        together(boxes.b, now) ??
        unwritten(boxes.a) ??
        unwritten(boxes.b) ??
        growing(boxes.a) ??
        growing(boxes.b) ??
        lifetime(boxes.a, now) ??
        lifetime(boxes.b, now) ??
        service(now);
      if (found !== undefined) return found;
      const first = boxes.a.lane.preference === undefined ? 1 : 2;
      if (world.moves <= first + 2 * world.disturbances) return undefined;
      return `calm: ${world.moves} moves for ${world.disturbances} disturbances`;
    },
  };
}
