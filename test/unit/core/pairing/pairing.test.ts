import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newRun, newRunKey } from '../../../../firmware/pairing/secrets.ts';
import type { PairingFrame } from '../../../../src/codec/pairingFrame.ts';
import { createGiver, OFFER_MS, stepGiver } from '../../../../src/core/pairing/giver.ts';
import { createTaker, stepTaker } from '../../../../src/core/pairing/taker.ts';
import type { PairingEnd, RunKey } from '../../../../src/core/pairing/types.ts';

const CODE = 'k7pw3xnd';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const GIFT = bytesOf(`key and document ${Array.from({ length: 400 }, (_, index) => index * 7919).join(' ')}`);

/** A key whose stretching costs nothing, for runs that are about loss and not about secrets. */
const plainKey = (own: number) => (): RunKey => ({
  publicKey: new Uint8Array(32).fill(own),
  agree: (_own, _theirs, code) => ({
    proof: bytesOf(code),
    seal: (plain) => plain,
    open: (sealed) => sealed,
  }),
});

interface Table {
  readonly code?: string;
  readonly keys?: { readonly first: () => RunKey; readonly second: () => RunKey };
  /** Whether the n-th frame on the line is lost. */
  readonly lost?: (count: number) => boolean;
  readonly meddle?: (frame: PairingFrame, from: 'first' | 'second') => PairingFrame;
  readonly gift?: Uint8Array;
}

/** Both ends on one line until the second has ended, or five minutes have passed. */
function pair({ code = CODE, keys, lost = () => false, meddle = (frame) => frame, gift = GIFT }: Table) {
  const { first, second } = keys ?? { first: plainKey(1), second: plainKey(2) };
  let giver = createGiver(CODE, gift, first, 0);
  let taker = createTaker(newRun(), second(), code, 0);
  let taken: PairingEnd | undefined;
  let given: PairingEnd | undefined;
  let sent = 0;
  let line: { readonly to: 'first' | 'second'; readonly frame: PairingFrame }[] = [];
  const put = (from: 'first' | 'second', frames: readonly PairingFrame[]): void => {
    for (const frame of frames) {
      sent += 1;
      if (!lost(sent)) line.push({ to: from === 'first' ? 'second' : 'first', frame: meddle(frame, from) });
    }
  };
  let now = 0;
  for (; now < 300_000 && taken === undefined; now += 250) {
    const ticked = stepTaker(taker, { type: 'tick' }, now);
    taker = ticked.state;
    taken = ticked.end;
    put('second', ticked.send);
    while (line.length > 0) {
      const [next, ...rest] = line;
      line = rest;
      if (next === undefined) break;
      if (next.to === 'first') {
        if (given !== undefined) continue;
        const stepped = stepGiver(giver, { type: 'frame', frame: next.frame }, now);
        giver = stepped.state;
        given = stepped.end;
        put('first', stepped.send);
      } else if (taken === undefined) {
        const stepped = stepTaker(taker, { type: 'frame', frame: next.frame }, now);
        taker = stepped.state;
        taken = stepped.end;
        put('second', stepped.send);
      }
    }
  }
  return { taken, given, giver, sent, now };
}

const real = { first: newRunKey, second: newRunKey };

test('with the code the second box gets the gift, and the first one knows', () => {
  const { taken, given } = pair({ keys: real });
  assert.deepEqual(taken, { ok: true, gift: GIFT });
  assert.deepEqual(given, { ok: true, gift: undefined });
});

test('without the code it gets nothing, and three wrong ones end the offer', () => {
  const first = pair({ keys: real, code: 'k7pw3xne' });
  assert.deepEqual(first.taken, { ok: false, reason: 'wrong-code' });
  let { giver } = first;
  assert.equal(giver.tries, 2);
  let end: PairingEnd | undefined;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const [run, key] = [newRun(), newRunKey()];
    const frame = { type: 'hello', run, index: 0, count: 0, payload: key.publicKey } as const;
    giver = stepGiver(giver, { type: 'frame', frame }, 0).state;
    const proof = stepGiver(
      giver,
      { type: 'frame', frame: { ...frame, type: 'proof', payload: new Uint8Array(32) } },
      0,
    );
    giver = proof.state;
    end = proof.end;
    assert.deepEqual(
      proof.send.map(({ type }) => type),
      ['refused'],
    );
  }
  assert.deepEqual(end, { ok: false, reason: 'too-many-tries' });
});

test('a run has one guess: a second proof needs a new key', () => {
  const key = newRunKey();
  const hello = { type: 'hello', run: newRun(), index: 0, count: 0, payload: key.publicKey } as const;
  let giver = stepGiver(createGiver(CODE, GIFT, newRunKey, 0), { type: 'frame', frame: hello }, 0).state;
  const proof = { ...hello, type: 'proof', payload: new Uint8Array(32) } as const;
  giver = stepGiver(giver, { type: 'frame', frame: proof }, 0).state;
  const again = stepGiver(giver, { type: 'frame', frame: proof }, 0);
  assert.deepEqual(again.send, []);
  assert.equal(again.state.tries, 2);
});

test('somebody who puts own keys between the two gets nothing out of either', () => {
  const middle = newRunKey();
  const { taken } = pair({
    keys: real,
    meddle: (frame) =>
      frame.type === 'hello' || frame.type === 'answer' ? { ...frame, payload: middle.publicKey } : frame,
  });
  assert.deepEqual(taken, { ok: false, reason: 'wrong-code' });
});

test('a piece that somebody changed is not taken for the document', () => {
  const { taken } = pair({
    keys: real,
    meddle: (frame) =>
      frame.type === 'piece' && frame.index === 1
        ? { ...frame, payload: frame.payload.map((byte) => byte ^ 1) }
        : frame,
  });
  assert.deepEqual(taken, { ok: false, reason: 'damaged' });
});

test('a key that leads to no secret is refused', () => {
  assert.equal(newRunKey().agree('first', new Uint8Array(32), CODE, newRun()), undefined);
  assert.equal(newRunKey().agree('first', new Uint8Array(31), CODE, newRun()), undefined);
});

test('a line that loses frames at random only takes longer', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (dice) => {
      const { taken } = pair({ lost: () => dice.next().value < 3 });
      assert.deepEqual(taken, { ok: true, gift: GIFT });
    }),
    { numRuns: 200 },
  );
});

test('a silent line ends the attempt, and an offer ends with its code', () => {
  const { taken, now } = pair({ lost: () => true });
  assert.deepEqual(taken, { ok: false, reason: 'nobody' });
  assert.ok(now > 60_000 && now < 62_000, `${now} ms`);
  const giver = createGiver(CODE, GIFT, newRunKey, 0);
  assert.equal(stepGiver(giver, { type: 'tick' }, OFFER_MS - 1).end, undefined);
  assert.deepEqual(stepGiver(giver, { type: 'tick' }, OFFER_MS).end, { ok: false, reason: 'nobody' });
});

test('whatever comes on the line, neither end falls over or gives anything away', () => {
  const frame = fc.record({
    type: fc.constantFrom('hello', 'answer', 'proof', 'refused', 'piece', 'want', 'done' as const),
    run: fc.constantFrom(new Uint8Array(8), new Uint8Array(8).fill(1)),
    index: fc.integer({ min: 0, max: 0xffff }),
    count: fc.integer({ min: 0, max: 0xffff }),
    payload: fc.uint8Array({ maxLength: 55 }),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
      let giver = createGiver(CODE, GIFT, plainKey(1), 0);
      let taker = createTaker(new Uint8Array(8), plainKey(2)(), CODE, 0);
      for (const one of frames) {
        const given = stepGiver(giver, { type: 'frame', frame: one }, 1);
        giver = given.state;
        assert.ok(given.send.length <= 4 && given.send.every(({ type }) => type !== 'piece'));
        const stepped = stepTaker(taker, { type: 'frame', frame: one }, 1);
        taker = stepped.state;
        assert.ok(stepped.send.length <= 1);
        if (given.end !== undefined) break;
      }
    }),
  );
});
