import type { Beat } from '../../../../src/codec/beat.ts';
import { wakeAt } from '../../../../src/core/failover/index.ts';
import type { FailoverConfig } from '../../../../src/core/failover/types.ts';
import { type NodeId, peerOf } from '../../../../src/model/pair.ts';
import { Driven, LINKS } from './harness.ts';

/** Two cores that hear each other 1 ms later, disks and kernels that answer at once, and a LAN on which probes are answered. */
export class Duo {
  readonly a: Driven;
  readonly b: Driven;
  now = 1000;
  /** Whether each hears the other. */
  hears: Record<NodeId, boolean> = { a: true, b: true };
  #stalled: Record<NodeId, number> = { a: 0, b: 0 };
  #flying: { at: number; to: NodeId; beat: Beat }[] = [];
  /** Effects of each that have been looked at. */
  #said: Record<NodeId, number> = { a: 0, b: 0 };

  /** Fit, and settled on an owner. */
  constructor(part: Partial<FailoverConfig> = {}) {
    this.a = new Driven('a', 3, part, this.now).fit();
    this.b = new Driven('b', 3, part, this.now).fit();
    this.run(3000);
    if (this.owner() === undefined) throw new Error('the pair has not settled on one owner');
  }

  /** Undefined unless exactly one owns. */
  owner(): NodeId | undefined {
    const owners = (['a', 'b'] as const).filter((node) => this[node].state.role === 'active');
    return owners.length === 1 ? owners[0] : undefined;
  }

  /** The node stands still for `ms`. */
  stall(node: NodeId, ms: number): void {
    this.#stalled[node] = this.now + ms;
  }

  run(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now += 1;
      for (const node of ['a', 'b'] as const) this.#live(node);
    }
  }

  #live(node: NodeId): void {
    const box = this[node];
    if (this.#stalled[node] > this.now) return;
    box.now = this.now;
    box.floatsAnswer = this[peerOf(node)].state.own !== undefined;
    const come = this.#flying.filter(({ at, to }) => to === node && at <= this.now);
    this.#flying = this.#flying.filter((each) => !come.includes(each));
    for (const { beat } of come) {
      if (this.hears[node]) for (const link of LINKS) box.give({ type: 'beat', link, beat });
    }
    if (wakeAt(box.state) <= this.now) box.give({ type: 'tick' });
    for (; this.#said[node] < box.log.length; this.#said[node] += 1) {
      const { effect } = box.log[this.#said[node]]!;
      if (effect.type === 'beat') this.#flying.push({ at: this.now + 1, to: peerOf(node), beat: effect.beat });
    }
  }
}
