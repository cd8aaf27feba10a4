import { keySecrets, newPairKey } from '../../../../firmware/keys/secrets.ts';
import type { KeyFrame } from '../../../../src/codec/keyFrame.ts';
import { createKeys, type KeysEvent, type KeysState, keysSettled, stepKeys } from '../../../../src/core/keys/index.ts';
import { acceptedKeys, type Keyring } from '../../../../src/model/keys.ts';
import { type NodeId, peerOf } from '../../../../src/model/pair.ts';

const NODES: readonly NodeId[] = ['a', 'b'];

interface Box {
  /** What a power cut leaves. */
  disk: Keyring;
  /** Without power undefined. */
  state: KeysState | undefined;
  writing: Keyring | undefined;
}

/** What can befall the pair between any two of its actions. `landed`: the write under way reached the disk. */
export const FAULTS = [
  'cut a',
  'cut b',
  'cut both',
  'cut a landed',
  'cut b landed',
  'lose',
  'fail',
  'fail landed',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Two boxes' keys: their files, their processes, and a cable between them. */
export class KeyWorld {
  readonly boxes: Record<NodeId, Box>;
  readonly told: string[] = [];
  readonly old = newPairKey();
  /** When set, what one sends does not reach the other. */
  unplugged = false;
  now = 0;
  #wire: { readonly to: NodeId; readonly frame: KeyFrame }[] = [];

  constructor() {
    const box = (self: NodeId): Box => {
      const disk: Keyring = { sign: this.old, next: undefined, former: undefined };
      return { disk, state: createKeys(self, disk, keySecrets), writing: undefined };
    };
    this.boxes = { a: box('a'), b: box('b') };
  }

  give(node: NodeId, event: KeysEvent): void {
    const box = this.boxes[node];
    if (box.state === undefined) return;
    const { state, effects } = stepKeys(box.state, event, this.now);
    box.state = state;
    for (const effect of effects) {
      if (effect.type === 'save') box.writing = effect.ring;
      if (effect.type === 'tell') this.told.push(`${node} ${effect.text}`);
      if (effect.type === 'send' && this.#wire.length < 50) this.#wire.push({ to: peerOf(node), frame: effect.frame });
    }
  }

  rotate(node: NodeId): void {
    this.give(node, { type: 'rotate', fresh: newPairKey() });
  }

  /** One action of each kind that is due, in this order: a write ends, a frame arrives, a beat arrives, time passes. */
  act(kind: number): void {
    const node = NODES[kind % 2]!;
    const box = this.boxes[node];
    switch (Math.floor(kind / 2) % 4) {
      case 0:
        if (box.writing === undefined || box.state === undefined) return;
        box.disk = box.writing;
        box.writing = undefined;
        this.give(node, { type: 'saved' });
        break;
      case 1: {
        const at = this.#wire.findIndex(({ to }) => to === node);
        if (at >= 0) this.give(node, { type: 'frame', frame: this.#wire.splice(at, 1)[0]!.frame });
        if (this.unplugged) this.#wire = [];
        break;
      }
      case 2: {
        const twin = this.boxes[peerOf(node)].state;
        const heard = twin && box.state && acceptedKeys(box.state.ring).find(({ id }) => id === twin.ring.sign.id);
        if (heard !== undefined && !this.unplugged) this.give(node, { type: 'heard', id: heard.id });
        break;
      }
      case 3:
        this.now += 200;
        if (box.state === undefined) box.state = createKeys(node, box.disk, keySecrets);
        this.give(node, { type: 'tick' });
        break;
    }
  }

  fault(fault: Fault): void {
    if (fault === 'lose') this.#wire = [];
    for (const node of NODES) {
      const box = this.boxes[node];
      if (fault.startsWith('fail') && box.writing !== undefined) {
        if (fault.endsWith('landed')) box.disk = box.writing;
        box.writing = undefined;
        this.give(node, { type: 'unsaved' });
      }
      if (!fault.startsWith('cut') || !(fault.includes('both') || fault.includes(` ${node}`))) continue;
      if (fault.endsWith('landed') && box.writing !== undefined) box.disk = box.writing;
      box.writing = undefined;
      box.state = undefined;
    }
  }

  /** Whom the other would not hear, now or after a power cut of either; '' when nobody. */
  deaf(): string {
    for (const node of NODES) {
      for (const from of this.#rings(node)) {
        for (const to of this.#rings(peerOf(node))) {
          if (!acceptedKeys(to).some(({ id }) => id === from.sign.id)) return `${peerOf(node)} would not hear ${node}`;
        }
      }
    }
    return '';
  }

  /** Everything that the box may come to act by: in force, on the disk, or on the way to it. */
  #rings(node: NodeId): Keyring[] {
    const { disk, state, writing } = this.boxes[node];
    return [disk, state?.ring, writing].filter((ring) => ring !== undefined);
  }

  /** Both sign with one key and accept no other. */
  settled(): string | undefined {
    const [a, b] = NODES.map((node) => this.boxes[node].state);
    const done = a && b && keysSettled(a) && keysSettled(b) && a.ring.sign.id === b.ring.sign.id;
    return done ? a.ring.sign.id : undefined;
  }
}
