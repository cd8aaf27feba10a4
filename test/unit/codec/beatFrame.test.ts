import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Beat } from '../../../src/codec/beat.ts';
import { FRAME_SIZE, MAX_FRAME, openBeat, sealBeat } from '../../../src/codec/beatFrame.ts';
import { encodeCobs } from '../../../src/codec/cobs.ts';
import { TandemError } from '../../../src/model/error.ts';
import { BEAT_LINE_BYTES, lineShare } from '../../../src/model/serialLine.ts';

const key = Buffer.alloc(32, 7);
const mac = (bytes: Uint8Array): Uint8Array => createHmac('sha256', key).update(bytes).digest();

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const boot = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .filter((bytes) => bytes.some((byte) => byte !== 0))
  .map((bytes) => Buffer.from(bytes).toString('hex'));

const heard = fc.record({ serial: u32, public: u32, private: u32 }, { noNullPrototype: true });

const beats: fc.Arbitrary<Beat> = fc.record(
  {
    pair: u32,
    from: fc.constantFrom('a', 'b'),
    boot,
    sequence: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 2 ** 48 - 1 })),
    term: u32,
    role: fc.constantFrom('idle', 'standby', 'taking', 'active', 'releasing'),
    publicUp: fc.boolean(),
    privateUp: fc.boolean(),
    ready: fc.boolean(),
    handingOver: fc.boolean(),
    prepared: u32,
    granted: u32,
    revision: u32,
    hearing: fc.oneof(fc.constant(''), boot),
    heard,
  },
  { noNullPrototype: true },
);

const sample: Beat = {
  pair: 0x01020304,
  from: 'b',
  boot: '00112233445566ff',
  sequence: 2 ** 40 + 5,
  term: 7,
  role: 'active',
  publicUp: true,
  privateUp: false,
  ready: true,
  handingOver: false,
  prepared: 0,
  granted: 8,
  revision: 0xdeadbeef,
  hearing: 'ffeeddccbbaa9988',
  heard: { serial: 1, public: 2, private: 3 },
};

test('the wire form of version 1 stays as it is', () => {
  const frame = Buffer.from(sealBeat(sample, mac));
  assert.equal(
    frame.subarray(0, 56).toString('hex'),
    '01' +
      '01020304' +
      '57' +
      '00112233445566ff' +
      '010000000005' +
      '00000007' +
      '00000000' +
      '00000008' +
      'deadbeef' +
      'ffeeddccbbaa9988' +
      '000000010000000200000003',
  );
  assert.equal(frame.subarray(56).equals(mac(frame.subarray(0, 56)).subarray(0, 16)), true);
});

test('what was sealed opens as the same beat', () => {
  fc.assert(
    fc.property(beats, (beat) => {
      const frame = sealBeat(beat, mac);
      assert.equal(frame.length, FRAME_SIZE);
      assert.deepEqual(openBeat(frame, mac), { ok: true, beat });
    }),
  );
});

test('a frame inside a larger buffer opens too', () => {
  const frame = sealBeat(sample, mac);
  const pool = new Uint8Array(200);
  pool.set(frame, 33);
  assert.deepEqual(openBeat(pool.subarray(33, 33 + frame.length), mac), { ok: true, beat: sample });
});

test('one flipped bit anywhere is refused', () => {
  const frame = sealBeat(sample, mac);
  for (let bit = 0; bit < frame.length * 8; bit += 1) {
    const flipped = Uint8Array.from(frame);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(openBeat(flipped, mac).ok, false, `bit ${bit}`);
  }
});

test('100,000 mutated frames: none crashes, none opens unless it equals an original', () => {
  let random = 12345;
  const next = (below: number): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return Math.floor((random / 2 ** 32) * below);
  };
  const originals = fc.sample(beats, { numRuns: 100, seed: 1 }).map((beat) => sealBeat(beat, mac));
  const known = new Set(originals.map((frame) => Buffer.from(frame).toString('hex')));
  let opened = 0;
  for (let round = 0; round < 100_000; round += 1) {
    const frame = [...originals[next(originals.length)]!];
    for (let changes = 1 + next(4); changes > 0; changes -= 1) {
      const at = next(frame.length + 1);
      const kind = next(5);
      if (kind === 0) frame.splice(at, next(8));
      else if (kind === 1) frame.splice(at, 0, next(256));
      else if (kind === 2) frame.length = at;
      else if (at < frame.length) frame[at] = next(256);
    }
    const bytes = Uint8Array.from(frame);
    const answer = openBeat(bytes, mac);
    if (!answer.ok) continue;
    opened += 1;
    assert.equal(known.has(Buffer.from(bytes).toString('hex')), true);
  }
  assert.ok(opened > 0, 'some mutations change nothing, so the test does reach acceptance');
});

test('names what is wrong with a frame', () => {
  const frame = sealBeat(sample, mac);
  const reason = (bytes: Uint8Array): string => {
    const opened = openBeat(bytes, mac);
    return opened.ok ? 'ok' : opened.reason;
  };
  const resealed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = Uint8Array.from(frame);
    change(bytes);
    bytes.set(mac(bytes.subarray(0, 56)).subarray(0, 16), 56);
    return bytes;
  };
  assert.equal(reason(new Uint8Array(0)), 'short');
  assert.equal(reason(frame.subarray(0, FRAME_SIZE - 1)), 'short');
  assert.equal(reason(Uint8Array.from([...frame, 0])), 'long');
  assert.equal(reason(resealed((bytes) => bytes.fill(2, 0, 1))), 'version');
  assert.equal(reason(resealed((bytes) => bytes.fill(0x0a, 5, 6))), 'field');
  assert.equal(reason(resealed((bytes) => bytes.fill(0, 6, 14))), 'field');
  assert.equal(reason(resealed((bytes) => bytes.fill(0, 14, 20))), 'field');
  const other = (bytes: Uint8Array): Uint8Array => createHmac('sha256', 'another key').update(bytes).digest();
  assert.deepEqual(openBeat(frame, other), { ok: false, reason: 'mac' });
});

test('a beat outside the ranges of its fields is never sealed', () => {
  const wrong: Partial<Beat>[] = [
    { sequence: 0 },
    { sequence: 2 ** 48 },
    { term: -1 },
    { term: 1.5 },
    { granted: 2 ** 32 },
    { boot: '' },
    { boot: '0000000000000000' },
    { hearing: 'xyz' },
    { heard: { serial: Number.NaN, public: 0, private: 0 } },
  ];
  for (const part of wrong) {
    assert.throws(() => sealBeat({ ...sample, ...part }, mac), TandemError, JSON.stringify(part));
  }
});

test('the line carries what the schema reckons with, under 40 % by default', () => {
  fc.assert(
    fc.property(beats, (beat) => {
      assert.ok(encodeCobs(sealBeat(beat, mac)).length <= BEAT_LINE_BYTES);
    }),
  );
  const full = { ...sample, pair: 0x01010101, term: 0x01010101 };
  assert.equal(encodeCobs(sealBeat(full, mac)).length, BEAT_LINE_BYTES);
  assert.ok(FRAME_SIZE <= MAX_FRAME);
  assert.ok(lineShare(20, 115200) < 0.4, String(lineShare(20, 115200)));
  assert.ok(lineShare(20, 9600) > 1);
});
