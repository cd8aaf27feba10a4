import { PAYLOAD_BYTES, type PairingFrame } from '../../codec/pairingFrame.ts';
import { NOTHING, type PairingEnd, type PairingEvent, type PairingStep, type RunKey, sameBytes } from './types.ts';

/** The first box: answers whoever is on the line, and gives to the one that knows the code. */

/** How long the code holds, ms. */
export const OFFER_MS = 600_000;

/** Wrong codes, after which the code is dead. */
const TRIES = 3;

/** Pieces for one `want`: few, or the beats on the same line would wait for them. */
export const WINDOW = 4;

export interface GiverState {
  readonly until: number;
  readonly code: string;
  readonly gift: Uint8Array;
  /** Makes the key of a run. */
  readonly fresh: () => RunKey;
  readonly tries: number;
  readonly run: Run | undefined;
}

interface Run {
  readonly id: Uint8Array;
  readonly theirs: Uint8Array;
  readonly key: RunKey;
  /** The sealed gift, once the code was proved. */
  readonly sealed: Uint8Array | undefined;
}

export const createGiver = (code: string, gift: Uint8Array, fresh: () => RunKey, now: number): GiverState => ({
  until: now + OFFER_MS,
  code,
  gift,
  fresh,
  tries: TRIES,
  run: undefined,
});

type Turn = PairingStep<GiverState>;

/** @param now monotonic ms */
export function stepGiver(state: GiverState, event: PairingEvent, now: number): Turn {
  if (now >= state.until) return { state, send: [], end: { ok: false, reason: 'nobody' } };
  if (event.type === 'tick') return quiet(state);
  const { frame } = event;
  if (frame.type === 'hello') return hello(state, frame);
  const { run } = state;
  if (run === undefined || !sameBytes(run.id, frame.run)) return quiet(state);
  switch (frame.type) {
    case 'proof':
      return run.sealed === undefined ? prove(state, run, frame) : pieces(state, run, run.sealed, 0);
    case 'want':
      return run.sealed === undefined ? quiet(state) : pieces(state, run, run.sealed, frame.index);
    case 'done':
      return run.sealed === undefined ? quiet(state) : end(state, { ok: true, gift: undefined });
    default:
      return quiet(state);
  }
}

const quiet = (state: GiverState): Turn => ({ state, send: [], end: undefined });
const end = (state: GiverState, how: PairingEnd, send: readonly PairingFrame[] = []): Turn => ({
  state,
  send,
  end: how,
});

const frameOf = (run: Run, type: PairingFrame['type'], payload: Uint8Array, index = 0, count = 0): PairingFrame => ({
  type,
  run: run.id,
  index,
  count,
  payload,
});

/** A repeated hello gets the same answer; another one begins another run. */
function hello(state: GiverState, frame: PairingFrame): Turn {
  const known = state.run;
  const same = known !== undefined && sameBytes(known.id, frame.run) && sameBytes(known.theirs, frame.payload);
  const run: Run = same ? known : { id: frame.run, theirs: frame.payload, key: state.fresh(), sealed: undefined };
  return { state: { ...state, run }, send: [frameOf(run, 'answer', run.key.publicKey)], end: undefined };
}

function prove(state: GiverState, run: Run, frame: PairingFrame): Turn {
  const keys = run.key.agree('first', run.theirs, state.code, run.id);
  if (keys !== undefined && sameBytes(keys.proof, frame.payload)) {
    const sealed = keys.seal(state.gift);
    return pieces({ ...state, run: { ...run, sealed } }, run, sealed, 0);
  }
  // One guess a run: the next needs a new one.
  const tries = state.tries - 1;
  const send = [frameOf(run, 'refused', NOTHING)];
  if (tries === 0) return end({ ...state, tries, run: undefined }, { ok: false, reason: 'too-many-tries' }, send);
  return { state: { ...state, tries, run: undefined }, send, end: undefined };
}

function pieces(state: GiverState, run: Run, sealed: Uint8Array, from: number): Turn {
  const count = Math.ceil(sealed.length / PAYLOAD_BYTES);
  const send = Array.from({ length: Math.max(0, Math.min(WINDOW, count - from)) }, (_, offset) => {
    const index = from + offset;
    const payload = sealed.slice(index * PAYLOAD_BYTES, (index + 1) * PAYLOAD_BYTES);
    return frameOf(run, 'piece', payload, index, count);
  });
  return { state, send, end: undefined };
}
