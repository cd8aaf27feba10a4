import {
  agreed,
  initialReplicate,
  newer,
  RESEND_MS,
  type ReplicateEffect,
  type ReplicateEvent,
  type ReplicateState,
  reachOf,
  step,
  successor,
} from '../../../../src/core/replicate/index.ts';
import type { NodeId } from '../../../../src/model/pair.ts';
import type { KeptMessage, PatchBase, ServerUse, Stamp } from '../../../../src/model/twin.ts';

/** Two boxes that run the core, their disks, and a channel that loses and reorders. */

export interface Disk {
  readonly revisions: Stamp[];
  readonly uses: Map<string, ServerUse>;
  seen: { number: number; counter: number };
}

export const newest = (disk: Disk): Stamp | undefined =>
  disk.revisions.reduce<Stamp | undefined>((best, stamp) => (newer(stamp, best) ? stamp : best), undefined);

export class Side {
  readonly node: NodeId;
  readonly disk: Disk = { revisions: [], uses: new Map(), seen: { number: 0, counter: 0 } };
  state: ReplicateState;
  readonly superseded: { loser: Stamp; winner: Stamp }[] = [];
  /** What the last revision of this box was made on, when it is a patch. */
  base: PatchBase | undefined;
  /** Why this box cannot apply a revision. */
  refuses: (stamp: Stamp) => string | undefined = () => undefined;
  /** Power goes at the next disk write: before it, or after it. */
  cut: 'before' | 'after' | undefined;
  readonly world: World;

  constructor(node: NodeId, world: World) {
    this.node = node;
    this.world = world;
    this.state = this.#fromDisk();
  }

  #fromDisk(): ReplicateState {
    return initialReplicate(this.node, newest(this.disk), [...this.disk.uses.values()], this.disk.seen);
  }

  restart(): void {
    this.world.close();
    this.cut = undefined;
    this.state = this.#fromDisk();
  }

  post(event: ReplicateEvent): void {
    const stepped = step(this.state, event, this.world.now);
    this.state = stepped.state;
    for (const effect of stepped.effects) if (!this.#run(effect)) return;
  }

  /** Whether the power is still on. */
  #write(act: () => void): boolean {
    const { cut } = this;
    if (cut !== 'before') act();
    if (cut !== undefined) this.restart();
    return cut === undefined;
  }

  #run(effect: ReplicateEffect): boolean {
    switch (effect.type) {
      case 'send':
        this.world.send(this.node, effect.message);
        return true;
      case 'offer': {
        const { stamp, patched } = effect;
        const { base } = this;
        const head = { stamp, author: 'cli', at: 0 };
        const patch = { service: 'web', field: 'scheduler', value: 'rr' };
        if (patched && base !== undefined) this.world.send(this.node, { ...head, do: 'patch', base, patch });
        else this.world.send(this.node, { ...head, do: 'revision', text: 'text' });
        return true;
      }
      case 'take': {
        const { stamp } = effect.revision;
        if (effect.revision.do === 'patch' && this.state.own?.digest !== effect.revision.base.digest)
          throw new Error('a patch is taken without what it was made on');
        if (!newer(stamp, this.state.own)) throw new Error('an older revision is taken');
        const reason = this.refuses(stamp);
        if (reason !== undefined) this.post({ type: 'not-taken', stamp, reason });
        else {
          if (!this.#write(() => this.disk.revisions.push(stamp))) return false;
          this.post({ type: 'taken', stamp });
        }
        return true;
      }
      case 'keep':
        if (!this.#write(() => effect.uses.forEach((use) => void this.disk.uses.set(use.server, use)))) return false;
        this.post({ type: 'kept', uses: effect.uses });
        return true;
      case 'remember':
        return this.#write(() => {
          this.disk.seen = effect.seen;
        });
      case 'superseded':
        this.superseded.push(effect);
        return true;
    }
  }

  apply(digest: string): Stamp | undefined {
    const { own } = this.state;
    const stamp = successor(own, this.state.seen.number, this.node, { digest, seed: false });
    if (!this.#write(() => this.disk.revisions.push(stamp))) return undefined;
    this.base = this.world.patches && own ? { number: own.number, node: own.node, digest: own.digest } : undefined;
    this.post({ type: 'revised', stamp, base: this.base });
    return stamp;
  }

  use(server: string, drained: boolean): ServerUse | undefined {
    const counter = this.state.seen.counter + 1;
    const use = { server, drained, counter, node: this.node, author: 'cli', at: 0 };
    if (!this.#write(() => this.disk.uses.set(server, use))) return undefined;
    this.post({ type: 'used', uses: [use] });
    return use;
  }

  reach = (stamp: Stamp) => reachOf(this.state, stamp);
}

export class World {
  now = 0;
  open = false;
  /** Revisions are made as patches of the one before. */
  patches = false;
  sent = 0;
  readonly a = new Side('a', this);
  readonly b = new Side('b', this);
  readonly wire: { to: NodeId; message: KeptMessage }[] = [];

  send(from: NodeId, message: KeptMessage): void {
    this.sent += 1;
    if (this.open) this.wire.push({ to: from === 'a' ? 'b' : 'a', message });
  }

  connect(): void {
    if (this.open) return;
    this.open = true;
    this.a.post({ type: 'opened' });
    this.b.post({ type: 'opened' });
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.wire.length = 0;
    this.a.post({ type: 'closed' });
    this.b.post({ type: 'closed' });
  }

  /** Delivers the message at this place of the wire. */
  deliver(at = 0): void {
    const [next] = this.wire.splice(at, 1);
    if (next !== undefined) this[next.to].post({ type: 'heard', message: next.message });
  }

  tick(): void {
    this.now += RESEND_MS;
    this.a.post({ type: 'tick' });
    this.b.post({ type: 'tick' });
  }

  /** Everything arrives in order until there is nothing left; throws when the two never stop. */
  drain(): void {
    for (let count = 0; this.wire.length > 0; count += 1) {
      if (count > 1000) throw new Error('the boxes never fall silent');
      this.deliver();
    }
  }

  agreed = (): boolean => agreed(this.a.state) && agreed(this.b.state);
}
