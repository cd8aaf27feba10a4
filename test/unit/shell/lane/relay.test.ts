import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePairing } from '../../../../src/codec/pairingFrame.ts';
import { createRelay } from '../../../../src/shell/lane/relay.ts';

const frame = (index: number): Uint8Array =>
  encodePairing({ type: 'want', run: new Uint8Array(8), index, count: 0, payload: new Uint8Array(0) });

function bench() {
  const sent: Uint8Array[] = [];
  const clock = { now: () => bench.now, wall: () => 0, at: () => () => {} };
  const line = {
    id: 'serial' as const,
    send: (bytes: Uint8Array) => void sent.push(bytes),
    onFrame: () => {},
    drops: () => ({}),
    close: () => {},
  };
  return { relay: createRelay(clock), line, sent };
}
bench.now = 0;

test('frames of pairing are kept for whoever asks, and for nobody else; beats are not its own', () => {
  const { relay, line } = bench();
  assert.equal(relay.take(new Uint8Array(72).fill(1)), false);
  assert.equal(relay.take(frame(1)), true);
  assert.deepEqual(relay.exchange(line, []), []);
  relay.take(frame(2));
  assert.deepEqual(relay.exchange(line, []), [frame(2)]);
  bench.now += 6_000;
  relay.take(frame(3));
  assert.deepEqual(relay.exchange(line, []), []);
});

test('nothing but frames of pairing is sent for others, and what is kept is bounded', () => {
  const { relay, line, sent } = bench();
  relay.exchange(line, [frame(1), new Uint8Array(72).fill(1), new Uint8Array(3)]);
  assert.deepEqual(sent, [frame(1)]);
  for (let index = 0; index < 500; index += 1) relay.take(frame(index));
  assert.equal(relay.exchange(line, []).length, 64);
});
