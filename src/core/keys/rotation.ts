import type { KeyFrame } from '../../codec/keyFrame.ts';
import { isSettled, type Keyring } from '../../model/keys.ts';
import { type NodeId, peerOf } from '../../model/pair.ts';
import { sameBytes } from '../pairing/types.ts';
import type { KeySecrets, KeysEffect, KeysEvent, KeysState, KeysStep } from './types.ts';

/**
 * A new pair key without a moment in which one box signs with what the other does not accept. Each state stands in the key
 * file before it is acted on:
 *
 *     this box            twin
 *     old, next new       old               accepted here, then offered
 *     old, next new       new, former old   the twin has it: as this box accepts it already, the twin may sign with it
 *     new, former old     new, former old   a beat under the new key is the twin's receipt
 *     new                 new               each retires the old key when it has heard the other under the new one
 *
 * No step needs an answer but the beats themselves, so that either box may lose power, or the cable, between any two. An
 * offer is repeated until it is taken.
 *
 * The new key travels under fresh X25519 keys, which the present pair key authenticates: whoever has the present key and
 * only listens does not learn the new one. Its codes are made under a key of their own, so none of
 * them ever is a beat's.
 */

/** Between two offers, ms. */
export const OFFER_MS = 1_000;

/** Least time between two exchanges that the twin begins, or two answers to one, ms: each costs a key agreement. */
const ANSWER_MS = 300;

/** After a write that failed, ms. */
const SAVE_AGAIN_MS = 1_000;

const PUBLIC_BYTES = 32;

export const createKeys = (self: NodeId, ring: Keyring, secrets: KeySecrets): KeysState => ({
  self,
  secrets,
  ring,
  saving: undefined,
  saveAfter: -Infinity,
  offer: undefined,
  take: undefined,
});

/** Why no exchange can begin; undefined when one can, or is being offered already. */
export function rotationRefusal({ ring, saving }: KeysState): string | undefined {
  if (saving !== undefined) return 'the key file is being written';
  if (ring.former === undefined) return undefined;
  return `the twin has not yet signed with ${ring.sign.id}, and ${ring.former.id} cannot be retired before`;
}

/** What one event means at one time (`now`, monotonic ms). Pure, but for the fresh keys that `secrets` makes. */
export function stepKeys(state: KeysState, event: KeysEvent, now: number): KeysStep {
  switch (event.type) {
    case 'rotate':
      if (rotationRefusal(state) !== undefined || state.ring.next !== undefined) return quiet(state);
      return save(
        { ...state, saveAfter: -Infinity },
        { ...state.ring, next: event.fresh },
        now,
        `${event.fresh.id}: made and accepted here, offered to the twin`,
      );
    case 'heard':
      return heard(state, event.id, now);
    case 'frame':
      return frameCame(state, event.frame, now);
    case 'saved':
      return saved(state, now);
    case 'unsaved':
      return quiet({ ...state, saving: undefined, saveAfter: now + SAVE_AGAIN_MS });
    case 'tick':
      return offer(state, now);
  }
}

const quiet = (state: KeysState): KeysStep => ({ state, effects: [] });

function save(state: KeysState, ring: Keyring, now: number, text: string): KeysStep {
  if (state.saving !== undefined || now < state.saveAfter) return quiet(state);
  return { state: { ...state, saving: { ring, text } }, effects: [{ type: 'save', ring }] };
}

function saved(state: KeysState, now: number): KeysStep {
  if (state.saving === undefined) return quiet(state);
  const { ring, text } = state.saving;
  const offered = offer({ ...state, ring, saving: undefined, offer: undefined, take: undefined }, now);
  return { state: offered.state, effects: [{ type: 'tell', text: `pair key ${text}` }, ...offered.effects] };
}

function heard(state: KeysState, id: string, now: number): KeysStep {
  const { sign, next, former } = state.ring;
  if (next?.id === id) {
    const ring = { sign: next, next: undefined, former: sign };
    return save(state, ring, now, `${id}: the twin signs with it, so it signs here too`);
  }
  if (former !== undefined && sign.id === id) {
    return save(state, { ...state.ring, former: undefined }, now, `${former.id}: retired, both sign with ${id}`);
  }
  return quiet(state);
}

function offer(state: KeysState, now: number): KeysStep {
  const { ring, secrets, self, saving } = state;
  if (ring.next === undefined || saving !== undefined || now - (state.offer?.at ?? -Infinity) < OFFER_MS)
    return quiet(state);
  const { run, exchange } = state.offer ?? { run: secrets.newRun(), exchange: secrets.fresh() };
  const tag = secrets.tag(ring.sign, joined(label('offer', self), run, exchange.publicKey));
  return {
    state: { ...state, offer: { run, exchange, at: now, answered: false } },
    effects: [send({ type: 'offer', run, body: joined(exchange.publicKey, tag) })],
  };
}

function frameCame(state: KeysState, frame: KeyFrame, now: number): KeysStep {
  switch (frame.type) {
    case 'offer':
      return offered(state, frame, now);
    case 'answer':
      return answered(state, frame);
    case 'key':
      return keyCame(state, frame, now);
  }
}

/** Two boxes that offer at once: `a` does not hear `b`, and `b`, whose own key nobody has seen, gives it up. */
const takes = ({ ring, saving, self }: KeysState): boolean =>
  saving === undefined && ring.former === undefined && (ring.next === undefined || self === 'b');

function offered(state: KeysState, { run, body }: KeyFrame, now: number): KeysStep {
  const { secrets, ring, self, take } = state;
  if (!takes(state) || now - (take?.at ?? -Infinity) < ANSWER_MS) return quiet(state);
  const [theirs, tag] = [body.slice(0, PUBLIC_BYTES), body.slice(PUBLIC_BYTES)];
  const twin = peerOf(self);
  if (!sameBytes(tag, secrets.tag(ring.sign, joined(label('offer', twin), run, theirs)))) return quiet(state);
  const same = take !== undefined && sameBytes(take.run, run) && sameBytes(take.theirs, theirs);
  const exchange = same ? take.exchange : secrets.fresh();
  const { publicKey } = exchange;
  const answer = secrets.tag(ring.sign, joined(label('answer', self), run, theirs, publicKey));
  return {
    state: { ...state, take: { run, theirs, exchange, at: now } },
    effects: [send({ type: 'answer', run, body: joined(publicKey, answer) })],
  };
}

function answered(state: KeysState, { run, body }: KeyFrame): KeysStep {
  const { secrets, ring, self, offer } = state;
  if (ring.next === undefined || offer === undefined || offer.answered || !sameBytes(offer.run, run))
    return quiet(state);
  const [theirs, tag] = [body.slice(0, PUBLIC_BYTES), body.slice(PUBLIC_BYTES)];
  const { publicKey } = offer.exchange;
  const right = secrets.tag(ring.sign, joined(label('answer', peerOf(self)), run, publicKey, theirs));
  if (!sameBytes(tag, right)) return quiet(state);
  const wrapping = offer.exchange.agree(theirs, ring.sign, joined(label('key', self), run, publicKey, theirs));
  if (wrapping === undefined) return quiet(state);
  const sealed = wrapping.seal(secrets.bytesOf(ring.next));
  return {
    state: { ...state, offer: { ...offer, answered: true } },
    effects: [send({ type: 'key', run, body: sealed })],
  };
}

function keyCame(state: KeysState, { run, body }: KeyFrame, now: number): KeysStep {
  const { secrets, ring, self, take } = state;
  if (take === undefined || !takes(state) || !sameBytes(take.run, run)) return quiet(state);
  const transcript = joined(label('key', peerOf(self)), run, take.theirs, take.exchange.publicKey);
  const plain = take.exchange.agree(take.theirs, ring.sign, transcript)?.open(body);
  if (plain === undefined) return quiet(state);
  const key = secrets.keyOf(plain);
  if (key.id === ring.sign.id) return quiet(state);
  const text = `${key.id}: came from the twin and signs here; ${ring.sign.id} is accepted until the twin signs with it`;
  return save(state, { sign: key, next: undefined, former: ring.sign }, now, text);
}

export const keysSettled = ({ ring, saving }: KeysState): boolean => saving === undefined && isSettled(ring);

const send = (frame: KeyFrame): KeysEffect => ({ type: 'send', frame });

/** Of one length for each type, so that what follows it cannot be read otherwise. */
const label = (type: KeyFrame['type'], from: NodeId): Uint8Array =>
  Uint8Array.from(`tandem ${type} ${from} `, (sign) => sign.charCodeAt(0));

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
