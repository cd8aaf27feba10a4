import { createHmac } from 'node:crypto';
import { keySecrets, macOf, newPairKey } from '../../firmware/keys/secrets.ts';
import type { Beat } from '../../src/codec/beat.ts';
import { MAX_FRAME, sealBeat } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import { encodeKeyFrame } from '../../src/codec/keyFrame.ts';
import { encodePairing } from '../../src/codec/pairingFrame.ts';
import { type FailoverState, step } from '../../src/core/failover/index.ts';
import { createKeys, stepKeys } from '../../src/core/keys/index.ts';
import type { Keyring } from '../../src/model/keys.ts';
import type { LinkId } from '../../src/model/pair.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { createBeats } from '../../src/shell/lane/beats.ts';
import { runKeys } from '../../src/shell/lane/keys.ts';
import { createDice, type Dice } from '../sim/random.ts';
import { Driven, LINKS } from '../unit/core/failover/harness.ts';

export interface FuzzOptions {
  /** Frames, and pieces of line noise, that are thrown at the node. */
  readonly frames: number;
  readonly seed: number;
  /** Called after each tenth of the frames. */
  readonly onTenth?: (done: number) => void;
}

export interface FuzzReport {
  /** Frames that reached the node; those that the line's framing swallowed are not among them. */
  readonly arrived: number;
  /** By reason, of all links. */
  readonly refused: Readonly<Record<string, number>>;
  /** Bytes of heap in use after a collection, after each tenth; empty where the collector cannot be asked. */
  readonly heap: readonly number[];
}

interface Ear extends PeerLink {
  hear(frame: Uint8Array): void;
}

function ear(id: LinkId): Ear {
  let receive: (frame: Uint8Array) => void = () => {};
  return {
    id,
    send: () => {},
    onFrame(to) {
      receive = to;
    },
    drops: () => ({}),
    close: () => {},
    hear: (frame) => receive(frame),
  };
}

/**
 * Throws frames at one node that nobody who lacks the key, or has only recordings, could make better: mutated, truncated,
 * lengthened, spliced, replayed, its own, of another pair, of other releases; on the serial line also as bytes with noise.
 * The node is in the middle of a pair's life, its clock stands still, so that nothing but a frame can move it.
 * @throws Error when a frame changes anything but counters, when an effect comes of one, or when the counters do not add up.
 */
export function fuzzFrames({ frames, seed, onTenth }: FuzzOptions): FuzzReport {
  const dice = createDice(seed);
  const ring: Keyring = { sign: newPairKey(), next: seed % 2 === 0 ? undefined : newPairKey(), former: undefined };
  const ears = LINKS.map(ear);
  let state: FailoverState;
  let effects = 0;
  let saves = 0;
  const node = new Driven('a', 3).fit();
  const clock = { now: () => node.now, wall: () => 0, at: () => () => {} };
  const store = {
    load: () => ring,
    async save() {
      saves += 1;
    },
  };
  const ports = { clock, store, secrets: keySecrets, newPairKey, macOf, log: () => {} };
  const keys = runKeys(ports, 'a');
  const onBeat = (link: LinkId, beat: Beat): void => {
    const stepped = step(state, { type: 'beat', link, beat }, node.now);
    state = stepped.state;
    effects += stepped.effects.length;
  };
  const { interval: intervalMs, deadline: deadlineMs } = node.state.config;
  const timing = { intervalMs, deadlineMs };
  const beats = createBeats(clock, keys, keys.over(ears), onBeat, timing);
  const corpus = [...recordings(node, ring), ...offers(ring)];

  // From here on the node is on its own.
  node.give({ type: 'tick' });
  state = node.state;
  beats.send(node.state.lastBeat!);
  state = step(state, { type: 'reconfigured', config: state.config }, node.now).state;
  const before = accounted(beats.status(state));
  const first = state;
  const decoder = createCobsDecoder(MAX_FRAME);
  const collect = (globalThis as { gc?: () => void }).gc;
  const heap: number[] = [];
  let arrived = 0;
  const hear = (link: number, frame: Uint8Array): void => {
    arrived += 1;
    ears[link]!.hear(frame);
  };

  for (let done = 1; done <= frames; done += 1) {
    const frame = thrown(corpus, dice);
    const link = dice.whole(0, 2);
    if (LINKS[link] !== 'serial' || dice.chance(0.5)) hear(link, frame);
    else for (const piece of noisy(encodeCobs(frame), dice)) for (const out of decoder.push(piece)) hear(link, out);

    if (effects > 0 || saves > 0)
      throw new Error(`frame ${done} of seed ${seed} made ${effects} effects, ${saves} writes`);
    for (const name of Object.keys(first) as (keyof FailoverState)[]) {
      if (name !== 'counts' && !same(first[name], state[name]))
        throw new Error(`frame ${done} of seed ${seed}: ${name}`);
    }
    if (done % Math.max(1, Math.floor(frames / 10)) !== 0) continue;
    checkSum(beats.status(state));
    collect?.();
    if (collect !== undefined) heap.push(process.memoryUsage().heapUsed);
    onTenth?.(done);
  }
  const after = checkSum(beats.status(state));
  return { arrived, refused: difference(after, before), heap };
}

/** Equal, and mostly the same object: then it costs nothing to see. */
const same = (one: unknown, other: unknown): boolean =>
  Object.is(one, other) || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));

type Links = ReturnType<ReturnType<typeof createBeats>['status']>;

const accounted = (links: Links): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const { refused } of links)
    for (const [why, count] of Object.entries(refused)) sum[why] = (sum[why] ?? 0) + count;
  return sum;
};

function checkSum(links: Links): Record<string, number> {
  for (const { link, frames, received, refused } of links) {
    const sum = received + Object.values(refused).reduce((total, count) => total + count, 0);
    if (sum !== frames) throw new Error(`${link}: ${frames} frames came, ${sum} are accounted for`);
    if (received !== 0) throw new Error(`${link}: ${received} frames were accepted`);
  }
  return accounted(links);
}

const difference = (after: Record<string, number>, before: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([why, count]) => [why, count - (before[why] ?? 0)]));

/** Frames that went over the cables of this pair and of others; the node has heard those of its twin, on every link. */
function recordings(node: Driven, ring: Keyring): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  const sign = macOf(ring.sign);
  const foreign = (bytes: Uint8Array): Uint8Array => createHmac('sha256', 'another pair').update(bytes).digest();
  // Two lives of the twin's process: the first is left behind.
  for (const boot of ['aaaaaaaaaaaaaaaa', 'cccccccccccccccc']) {
    node.twinBoot = boot;
    for (let count = 0; count < 40; count += 1) {
      node.run(20);
      const version = count % 2 === 0 ? 1 : 2;
      node.hear({ version, speaks: 2, role: 'standby', term: node.state.term });
      const beat = { ...node.state.peer.beat!, heard: { serial: count, heartbeat: 0, public: 0, private: 0 } };
      frames.push(sealBeat(node.state.peer.beat!, sign), sealBeat(beat, foreign));
      frames.push(sealBeat(node.state.lastBeat!, sign), sealBeat({ ...beat, pair: 99 }, sign));
    }
  }
  const run = new Uint8Array(8).fill(3);
  frames.push(encodePairing({ type: 'hello', run, index: 0, count: 0, payload: new Uint8Array(32) }));
  return frames;
}

/** Offers of a new key, of the twin and of the node itself. */
function offers({ sign }: Keyring): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (const self of ['a', 'b'] as const) {
    const state = createKeys(self, { sign, next: newPairKey(), former: undefined }, keySecrets);
    for (const effect of stepKeys(state, { type: 'tick' }, 0).effects) {
      if (effect.type === 'send') frames.push(...Array.from({ length: 10 }, () => encodeKeyFrame(effect.frame)));
    }
  }
  return frames;
}

/** What is thrown: one of the recordings, untouched or not. */
function thrown(corpus: readonly Uint8Array[], dice: Dice): Uint8Array {
  const original = dice.pick(corpus);
  switch (dice.whole(0, 6)) {
    case 0:
      return original;
    case 1:
      return original.slice(0, dice.whole(0, original.length));
    case 2: {
      const longer = new Uint8Array(dice.whole(original.length, MAX_FRAME));
      longer.set(original);
      return longer;
    }
    case 3: {
      const at = dice.whole(0, original.length);
      const spliced = Uint8Array.from(original);
      spliced.set(dice.pick(corpus).subarray(at), at);
      return spliced;
    }
    case 4: {
      const wild = new Uint8Array(dice.whole(0, MAX_FRAME));
      for (let at = 0; at < wild.length; at += 1) wild[at] = dice.whole(0, 255);
      return wild;
    }
    default: {
      const mutated = Uint8Array.from(original);
      for (let changes = dice.whole(1, 4); changes > 0; changes -= 1) {
        const at = dice.whole(0, mutated.length - 1);
        mutated[at]! ^= dice.chance(0.5) ? 1 << dice.whole(0, 7) : dice.whole(0, 255);
      }
      return mutated;
    }
  }
}

/** Bytes of the line, some changed, lost and made up, in pieces as they come. */
function noisy(bytes: Uint8Array, dice: Dice): Uint8Array[] {
  const out: number[] = [];
  const sick = dice.chance(0.7);
  for (const byte of bytes) {
    const kind = sick ? dice.whole(0, 60) : 60;
    if (kind === 0) out.push(dice.whole(0, 255));
    else if (kind === 1) out.push(byte, dice.whole(0, 255));
    else if (kind !== 2) out.push(byte);
  }
  const cut = dice.whole(0, out.length);
  return [Uint8Array.from(out.slice(0, cut)), Uint8Array.from(out.slice(cut))];
}
