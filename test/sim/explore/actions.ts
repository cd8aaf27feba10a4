import { wakeAt } from '../../../src/core/failover/index.ts';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import type { Sabotage } from '../sabotage.ts';
import { Hand } from './hand.ts';
import {
  CLEAN_UP,
  clockOf,
  GRID,
  HELD_UP,
  LATE,
  MEETING,
  type Model,
  NEVER_AGAIN,
  RESTART,
  STILL,
  still,
  type Way,
} from './model.ts';

export interface Action {
  readonly name: string;
  readonly fault: boolean;
  readonly run: (hand: Hand) => void;
}

const NODES: readonly NodeId[] = ['a', 'b'];

/** Everything that can happen next; faults only when they are still allowed. */
export function actionsOf(model: Model, faults: boolean): Action[] {
  const found: Action[] = [];
  const add = (name: string, run: Action['run'], fault = false): void => {
    found.push({ name, fault, run });
  };
  let waits = false;
  for (const node of NODES) {
    const { writing, half } = model.sites[node];
    if (half !== undefined) add(`${node}'s ${half.side} float follows`, (hand) => follow(hand, node));
    if (still(model, node)) continue;
    if (due(model, node)) {
      waits = true;
      add(`${node}'s timer`, (hand) => hand.give(node, { type: 'tick' }));
    }
    if (writing !== undefined) {
      waits ||= writing.by <= model.now;
      add(`${node} has written term ${writing.term}`, (hand) => written(hand, node));
    }
    const from = peerOf(node);
    const [beats, arp] = [model.beats[from], model.arp[from]];
    if (ready(model, beats)) {
      waits ||= beats.queue[0]!.by <= model.now;
      const { role, term, sequence } = beats.queue[0]!.what;
      add(`${node} hears ${from} (${role}, term ${term}, number ${sequence})`, (hand) => hearBeat(hand, node));
    }
    if (ready(model, arp)) {
      waits ||= arp.queue[0]!.by <= model.now;
      add(`${node} hears a ${arp.queue[0]!.what}`, (hand) => hearArp(hand, node));
    }
  }
  if (!waits) add('time', pass);
  if (faults) for (const node of NODES) addFaults(model, node, (name, run) => add(name, run, true));
  return found;
}

/** What an action makes of a model. */
export function take(model: Model, action: Action, sabotage: Sabotage | undefined): Model {
  const hand = new Hand(model, sabotage);
  if (action.fault) hand.change({ faults: model.faults + 1 });
  action.run(hand);
  return hand.model;
}

const ready = <T>(model: Model, way: Way<T>): boolean => way.queue.length > 0 && way.heldUntil <= model.now;

function due(model: Model, node: NodeId): boolean {
  const { core, lateUntil } = model.sites[node];
  return core !== undefined && lateUntil <= model.now && wakeAt(core) <= clockOf(model, node);
}

function follow(hand: Hand, node: NodeId): void {
  const { half, held } = hand.model.sites[node];
  if (half !== undefined) hand.site(node, { held: { ...held, [half.side]: half.held }, half: undefined });
}

function written(hand: Hand, node: NodeId): void {
  const { writing, disk } = hand.model.sites[node];
  if (writing === undefined) return;
  if (writing.term < disk) hand.change({ violation: `terms: ${node}'s disk went from ${disk} to ${writing.term}` });
  hand.site(node, { disk: writing.term, writing: undefined });
  hand.give(node, { type: 'persisted', term: writing.term });
}

function hearBeat(hand: Hand, node: NodeId): void {
  const from = peerOf(node);
  const [head, ...rest] = hand.model.beats[from].queue;
  hand.beatWay(from, { queue: rest });
  if (head !== undefined) hand.hear(node, head.what);
}

function hearArp(hand: Hand, node: NodeId): void {
  const from = peerOf(node);
  const [head, ...rest] = hand.model.arp[from].queue;
  hand.arpWay(from, { queue: rest });
  if (head !== undefined) hand.receive(node, head.what);
}

/** One step of the grid, and what the boxes' own systems do at its end. */
function pass(hand: Hand): void {
  hand.change({ now: hand.model.now + GRID });
  const { now } = hand.model;
  for (const node of NODES) {
    const site = hand.model.sites[node];
    if (site.stillUntil === now) meet(hand);
    if (site.cleanUpAt === now) {
      const held = { public: false, private: false };
      hand.site(node, { held, half: undefined, cleanUpAt: NEVER_AGAIN, restartAt: now + RESTART });
    }
    if (site.restartAt === now) hand.start(node);
  }
}

/** Somebody goes on who may own what another has taken: they have the time of a beat on a link that carries it. */
function meet(hand: Hand): void {
  const { now, beats } = hand.model;
  const cut = beats.a.cut || beats.b.cut;
  const carriesAt = Math.max(now, beats.a.heldUntil, beats.b.heldUntil);
  hand.change({ excusedUntil: cut ? NEVER_AGAIN : carriesAt + MEETING });
}

/** Two owners who may meet have more time when what would tell them of each other is late or gone. */
function excuse(hand: Hand, ms: number): void {
  const { excusedUntil, now } = hand.model;
  if (excusedUntil > 0) hand.change({ excusedUntil: Math.max(now, excusedUntil) + ms });
}

function addFaults(model: Model, node: NodeId, add: (name: string, run: Action['run']) => void): void {
  const { core, powered } = model.sites[node];
  const way = model.beats[node];
  if (way.queue.length > 0) {
    add(`a beat of ${node} is lost`, (hand) => {
      hand.beatWay(node, { queue: way.queue.slice(1) });
      excuse(hand, MEETING);
    });
    if (way.heldUntil <= model.now) {
      add(`${node}'s beats are held up for ${HELD_UP} ms`, (hand) => {
        hand.beatWay(node, { heldUntil: model.now + HELD_UP });
        excuse(hand, HELD_UP);
      });
    }
  }
  if (model.arp[node].queue.length > 0) {
    add(`an ARP packet of ${node} is lost`, (hand) => hand.arpWay(node, { queue: model.arp[node].queue.slice(1) }));
  }
  add(`${node}'s wire is ${way.cut ? 'mended' : 'cut'}`, (hand) => {
    hand.beatWay(node, { cut: !way.cut, queue: [] });
    if (model.excusedUntil > 0) meet(hand);
  });
  if (!powered || core === undefined || still(model, node)) return;
  add(`${node}'s timer comes early`, (hand) => hand.give(node, { type: 'tick' }));
  add(`${node}'s timer comes ${LATE} ms late`, (hand) => {
    hand.site(node, { lateUntil: model.now + LATE });
    excuse(hand, LATE);
  });
  add(`${node} stands still for ${STILL} ms, its clock too`, (hand) => standStill(hand, node, STILL));
  add(`${node} stands still for ${STILL} ms`, (hand) => standStill(hand, node, 0));
  add(`${node}'s lane dies`, (hand) => {
    hand.site(node, { core: undefined, writing: undefined, cleanUpAt: model.now + CLEAN_UP });
  });
  add(`${node}'s power is cut`, (hand) => {
    const held = { public: false, private: false };
    hand.site(node, { core: undefined, writing: undefined, held, half: undefined, powered: false });
  });
  if (core.role === 'active') {
    add(`${node} is asked to hand over`, (hand) => hand.give(node, { type: 'hand-over', request: 1, by: 'operator' }));
    add(`${node} is asked to end`, (hand) => hand.give(node, { type: 'shutdown' }));
  }
}

/** @param behind by how much its clock stands still too, ms. */
export function standStill(hand: Hand, node: NodeId, behind: number): void {
  const { now, sites } = hand.model;
  hand.site(node, { stillUntil: now + STILL, behind: sites[node].behind + behind });
}
