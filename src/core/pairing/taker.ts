import { PAYLOAD_BYTES, type PairingFrame } from '../../codec/pairingFrame.ts';
import { WINDOW } from './giver.ts';
import {
  NOTHING,
  type PairingEnd,
  type PairingEvent,
  type PairingStep,
  type RunKey,
  type RunKeys,
  sameBytes,
} from './types.ts';

/** The second box: says who it is, proves that it knows the code, and fetches piece by piece. */

/** Longest silence of the first box, ms: an emulated one needs seconds to stretch a code. */
const SILENCE_MS = 60_000;

/** Between two tries to say the same, ms. */
export const AGAIN_MS = 1_000;

/** Pieces that are accepted: more is no document. */
export const MOST_PIECES = Math.ceil((1024 * 1024) / PAYLOAD_BYTES);

export interface TakerState {
  readonly run: Uint8Array;
  readonly key: RunKey;
  readonly code: string;
  readonly keys: RunKeys | undefined;
  readonly pieces: readonly (Uint8Array | undefined)[];
  readonly count: number;
  /** First piece beyond the window that was asked for. */
  readonly wanted: number;
  readonly heardAt: number;
  readonly saidAt: number;
}

export const createTaker = (run: Uint8Array, key: RunKey, code: string, now: number): TakerState => ({
  run,
  key,
  code,
  keys: undefined,
  pieces: [],
  count: 0,
  wanted: 0,
  heardAt: now,
  saidAt: Number.NEGATIVE_INFINITY,
});

type Turn = PairingStep<TakerState>;

/** @param now monotonic ms */
export function stepTaker(state: TakerState, event: PairingEvent, now: number): Turn {
  if (event.type === 'tick') return tick(state, now);
  const { frame } = event;
  if (!sameBytes(frame.run, state.run)) return { state, send: [], end: undefined };
  const heard = { ...state, heardAt: now };
  switch (frame.type) {
    case 'answer':
      return answered(heard, frame, now);
    case 'refused':
      return over(heard, { ok: false, reason: 'wrong-code' });
    case 'piece':
      return piece(heard, frame, now);
    default:
      return { state, send: [], end: undefined };
  }
}

const frameOf = (state: TakerState, type: PairingFrame['type'], payload: Uint8Array, index = 0): PairingFrame => ({
  type,
  run: state.run,
  index,
  count: 0,
  payload,
});

const over = (state: TakerState, end: PairingEnd, send: readonly PairingFrame[] = []): Turn => ({ state, send, end });
const say = (state: TakerState, frame: PairingFrame, now: number): Turn => ({
  state: { ...state, saidAt: now },
  send: [frame],
  end: undefined,
});

function tick(state: TakerState, now: number): Turn {
  if (now - state.heardAt > SILENCE_MS) return over(state, { ok: false, reason: 'nobody' });
  if (now - state.saidAt < AGAIN_MS) return { state, send: [], end: undefined };
  if (state.keys === undefined) return say(state, frameOf(state, 'hello', state.key.publicKey), now);
  if (state.count === 0) return say(state, frameOf(state, 'proof', state.keys.proof), now);
  return want(state, now);
}

function answered(state: TakerState, frame: PairingFrame, now: number): Turn {
  if (state.keys !== undefined) return { state, send: [], end: undefined };
  const keys = state.key.agree('second', frame.payload, state.code, state.run);
  if (keys === undefined) return over(state, { ok: false, reason: 'refused' });
  return say({ ...state, keys }, frameOf(state, 'proof', keys.proof), now);
}

function want(state: TakerState, now: number): Turn {
  const missing = firstMissing(state);
  return say({ ...state, wanted: missing + WINDOW }, frameOf(state, 'want', NOTHING, missing), now);
}

function firstMissing({ pieces, count }: TakerState): number {
  for (let index = 0; index < count; index += 1) if (pieces[index] === undefined) return index;
  return count;
}

function piece(state: TakerState, frame: PairingFrame, now: number): Turn {
  const { keys } = state;
  const fits = frame.count > 0 && frame.count <= MOST_PIECES && frame.index < frame.count;
  if (keys === undefined || !fits || (state.count !== 0 && state.count !== frame.count)) {
    return { state, send: [], end: undefined };
  }
  const pieces = [...state.pieces];
  pieces[frame.index] = frame.payload;
  const next: TakerState = { ...state, pieces, count: frame.count, wanted: state.count === 0 ? WINDOW : state.wanted };
  const missing = firstMissing(next);
  if (missing < next.count) {
    return missing >= next.wanted ? want(next, now) : { state: next, send: [], end: undefined };
  }
  const gift = keys.open(joined(pieces));
  if (gift === undefined) return over(next, { ok: false, reason: 'damaged' });
  return over(next, { ok: true, gift }, [frameOf(next, 'done', NOTHING)]);
}

function joined(pieces: readonly (Uint8Array | undefined)[]): Uint8Array {
  const size = pieces.reduce((sum, one) => sum + (one?.length ?? 0), 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const one of pieces) {
    if (one === undefined) continue;
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}
