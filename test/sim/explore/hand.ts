import type { Beat } from '../../../src/codec/beat.ts';
import { createFailover, step } from '../../../src/core/failover/index.ts';
import type { FailoverEffect, FailoverEvent } from '../../../src/core/failover/types.ts';
import { type NodeId, peerOf, SIDES, type Side } from '../../../src/model/pair.ts';
import { failoverConfig } from '../../../src/shell/lane/config.ts';
import { laneOf } from '../laneOf.ts';
import type { Sabotage } from '../sabotage.ts';
import {
  type Arp,
  bootOf,
  CLEAN_UP,
  clockOf,
  emptyWay,
  GRID,
  type Model,
  NEVER_AGAIN,
  type Site,
  still,
  type Way,
} from './model.ts';

const NONE = { public: false, private: false };
const BOTH = { public: true, private: true };

/** One model while an action is being worked out on it; what it makes shares what did not change. */
export class Hand {
  model: Model;
  readonly #sabotage: Sabotage | undefined;

  constructor(model: Model, sabotage: Sabotage | undefined) {
    this.model = model;
    this.#sabotage = sabotage;
  }

  site(node: NodeId, part: Partial<Site>): void {
    const { sites } = this.model;
    this.change({ sites: { ...sites, [node]: { ...sites[node], ...part } } });
  }

  change(part: Partial<Model>): void {
    this.model = { ...this.model, ...part };
  }

  beatWay(from: NodeId, part: Partial<Way<Beat>>): void {
    this.change({ beats: { ...this.model.beats, [from]: { ...this.model.beats[from], ...part } } });
  }

  arpWay(from: NodeId, part: Partial<Way<Arp>>): void {
    this.change({ arp: { ...this.model.arp, [from]: { ...this.model.arp[from], ...part } } });
  }

  /** A lane starts on a box: NICs up, controller ready, nothing held. */
  start(node: NodeId): void {
    const boots = this.model.sites[node].boots + 1;
    const lane = laneOf(node, ['serial'], { intervalMs: 20, deadlineMs: 100 }, undefined);
    // Who asks its neighbours after a take owns the floats already; nothing that it does depends on their answers.
    const config = { ...failoverConfig(lane, bootOf(node, boots), 7), neighbours: [], ...this.#sabotage?.config };
    let term = this.model.sites[node].disk;
    if (this.#sabotage?.terms !== undefined) {
      const store = { load: () => ({ term, damaged: false }), save: () => Promise.resolve() };
      term = this.#sabotage.terms(store).load().term;
    }
    const core = createFailover(config, { term }, clockOf(this.model, node));
    this.site(node, { core, boots, restartAt: NEVER_AGAIN, held: NONE, half: undefined });
    for (const side of SIDES) this.give(node, { type: 'nic', side, up: true });
    this.give(node, { type: 'controller', ready: true });
  }

  /** An event and all that it brings about at once, in the order of the lane's mailbox. */
  give(node: NodeId, first: FailoverEvent): void {
    const waiting = [first];
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const { core } = this.model.sites[node];
      if (core === undefined) return;
      const before = core.own;
      const stepped = step(core, event, clockOf(this.model, node));
      this.site(node, { core: stepped.state });
      for (const effect of stepped.effects) waiting.push(...this.#run(node, effect));
      const own = this.model.sites[node].core?.own;
      if (own !== undefined && before === undefined) this.#judgeTerm(node, own.term);
    }
  }

  hear(node: NodeId, beat: Beat): void {
    const onBeat = (_link: unknown, heard: Beat): void =>
      this.give(node, { type: 'beat', link: 'serial', beat: heard });
    const deliver = this.#sabotage?.beats?.(() => this.model.sites[node].core, onBeat) ?? onBeat;
    deliver('serial', beat);
  }

  /** An ARP packet reaches a box: its kernel answers a probe for what it holds, whatever its lane does. */
  receive(node: NodeId, packet: Arp): void {
    const { held, powered } = this.model.sites[node];
    if (!powered) return;
    if (packet === 'probe' && (held.public || held.private)) this.#say(node, 'claim');
    for (const side of SIDES)
      this.give(node, { type: packet === 'claim' ? 'claim' : 'rival', side, mac: peerOf(node) });
  }

  #judgeTerm(node: NodeId, term: number): void {
    const { disk } = this.model.sites[node];
    if (term > disk) this.change({ violation: `terms: ${node} owns under term ${term}, its disk says ${disk}` });
  }

  #say(node: NodeId, packet: Arp): void {
    const way = this.model.arp[node];
    if (this.model.sites[peerOf(node)].powered)
      this.arpWay(node, { queue: [...way.queue, { what: packet, by: this.model.now + GRID }] });
  }

  #set(node: NodeId, held: boolean): void {
    if (!held && this.#sabotage?.keepsFloats === true) return;
    const side: Side = 'public';
    const late = this.#sabotage?.oneByOne === true && this.model.sites[node].held.public !== held;
    const now = { ...(held ? BOTH : NONE), ...(late ? { [side]: !held } : {}) };
    this.site(node, { held: now, half: late ? { side, held } : undefined });
  }

  /** Runs one effect; returns what the lane tells the core at once. */
  #run(node: NodeId, effect: FailoverEffect): FailoverEvent[] {
    switch (effect.type) {
      case 'beat': {
        const way = this.model.beats[node];
        const heard = this.model.sites[peerOf(node)].core !== undefined;
        if (heard && !way.cut)
          this.beatWay(node, { queue: [...way.queue, { what: effect.beat, by: this.model.now + GRID }] });
        return [];
      }
      case 'persist':
        if (this.#sabotage?.terms !== undefined) return this.#persistBySabotage(node, effect.term);
        this.site(node, { writing: { term: effect.term, by: this.model.now + GRID } });
        return [];
      case 'install':
        this.#set(node, true);
        return [{ type: 'installed', term: effect.term }];
      case 'drop':
        this.#set(node, false);
        return [{ type: 'dropped' }];
      case 'renew':
        this.#set(node, true);
        return [{ type: 'floats', held: this.model.sites[node].held }];
      case 'probe':
      case 'announce':
        this.#say(node, effect.type === 'probe' ? 'probe' : 'claim');
        return [];
      default:
        if (effect.type === 'ended') this.site(node, { core: undefined, cleanUpAt: this.model.now + CLEAN_UP });
        return [];
    }
  }

  /** A store that calls a term written at once has its event before the write is done. */
  #persistBySabotage(node: NodeId, term: number): FailoverEvent[] {
    let claimed = false;
    const store = {
      load: () => ({ term: 0, damaged: false }),
      // biome-ignore lint/suspicious/noThenProperty: a write that has not settled yet.
      save: () => ({ then: () => {} }) as unknown as Promise<void>,
    };
    this.#sabotage
      ?.terms?.(store)
      .save(term)
      .then(() => {
        claimed = true;
      });
    this.site(node, { writing: { term, by: this.model.now + GRID } });
    return claimed ? [{ type: 'persisted', term }] : [];
  }
}

const off: Site = {
  core: undefined,
  boots: 0,
  powered: true,
  held: NONE,
  disk: 0,
  writing: undefined,
  stillUntil: 0,
  behind: 0,
  lateUntil: 0,
  cleanUpAt: NEVER_AGAIN,
  restartAt: NEVER_AGAIN,
  half: undefined,
};

/** Both boxes without a lane. */
export const emptyModel: Model = {
  now: 0,
  sites: { a: off, b: off },
  beats: { a: emptyWay, b: emptyWay },
  arp: { a: emptyWay, b: emptyWay },
  faults: 0,
  excusedUntil: 0,
  violation: undefined,
};

/** What must hold at every instant. */
export function judge(model: Model): string | undefined {
  if (model.violation !== undefined) return model.violation;
  const { a, b } = model.sites;
  for (const node of ['a', 'b'] as const) {
    const { held } = model.sites[node];
    if (held.public !== held.private) return `together: ${node} holds one float without the other`;
  }
  const both = SIDES.find((side) => a.held[side] && b.held[side]);
  if (both === undefined || still(model, 'a') || still(model, 'b') || model.now <= model.excusedUntil) return undefined;
  return `one owner: both answer for the ${both} float`;
}
