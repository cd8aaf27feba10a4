import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Beat } from '../../../src/codec/beat.ts';
import { FRAME_SIZE, MAX_FRAME, openBeat, sealBeat } from '../../../src/codec/beatFrame.ts';
import { encodeCobs } from '../../../src/codec/cobs.ts';
import { TandemError } from '../../../src/model/error.ts';
import { BEAT_LINE_BYTES, lineShare } from '../../../src/model/serialLine.ts';

const macOf =
  (key: Uint8Array | string) =>
  (bytes: Uint8Array): Uint8Array =>
    createHmac('sha256', key).update(bytes).digest();
const mac = macOf(Buffer.alloc(32, 7));
const here = { keys: [mac], pair: 0x01020304 };

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const boot = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .filter((bytes) => bytes.some((byte) => byte !== 0))
  .map((bytes) => Buffer.from(bytes).toString('hex'));

const heard = fc.record(
  { serial: u32, heartbeat: fc.constant(0), public: u32, private: u32 },
  { noNullPrototype: true },
);

const beats: fc.Arbitrary<Beat> = fc.record(
  {
    version: fc.constant(1),
    speaks: fc.constantFrom(1, 2, 15),
    pair: u32,
    from: fc.constantFrom('a', 'b'),
    boot,
    sequence: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 2 ** 40 - 1 })),
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
  version: 1,
  speaks: 1,
  pair: 0x01020304,
  from: 'b',
  boot: '00112233445566ff',
  sequence: 2 ** 32 + 5,
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
  heard: { serial: 1, heartbeat: 0, public: 2, private: 3 },
};

test('the wire form of version 1 stays as it is', () => {
  const frame = Buffer.from(sealBeat(sample, mac));
  assert.equal(
    frame.subarray(0, 56).toString('hex'),
    '01' +
      '01020304' +
      '57' +
      '00112233445566ff' +
      '000100000005' +
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
      assert.deepEqual(openBeat(frame, here), { ok: true, key: 0, beat });
    }),
  );
});

test('a frame inside a larger buffer opens too', () => {
  const frame = sealBeat(sample, mac);
  const pool = new Uint8Array(200);
  pool.set(frame, 33);
  assert.deepEqual(openBeat(pool.subarray(33, 33 + frame.length), here), { ok: true, key: 0, beat: sample });
});

test('one flipped bit anywhere is refused', () => {
  const frame = sealBeat(sample, mac);
  for (let bit = 0; bit < frame.length * 8; bit += 1) {
    const flipped = Uint8Array.from(frame);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(openBeat(flipped, here).ok, false, `bit ${bit}`);
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
    const answer = openBeat(bytes, here);
    if (!answer.ok) continue;
    opened += 1;
    assert.equal(known.has(Buffer.from(bytes).toString('hex')), true);
  }
  assert.ok(opened > 0, 'some mutations change nothing, so the test does reach acceptance');
});

test('names what is wrong with a frame', () => {
  const frame = sealBeat(sample, mac);
  const reason = (bytes: Uint8Array): string => {
    const opened = openBeat(bytes, here);
    return opened.ok ? 'ok' : opened.reason;
  };
  const resealed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = Uint8Array.from(frame);
    change(bytes);
    bytes.set(mac(bytes.subarray(0, 56)).subarray(0, 16), 56);
    return bytes;
  };
  assert.equal(reason(new Uint8Array(0)), 'truncated');
  assert.equal(reason(frame.subarray(0, FRAME_SIZE - 1)), 'truncated');
  assert.equal(reason(Uint8Array.from([...frame, 0])), 'long');
  assert.equal(reason(resealed((bytes) => bytes.fill(3, 0, 1))), 'future-version');
  assert.equal(reason(resealed((bytes) => bytes.fill(0x0a, 5, 6))), 'malformed');
  assert.equal(reason(resealed((bytes) => bytes.fill(0, 6, 14))), 'malformed');
  assert.equal(reason(resealed((bytes) => bytes.fill(0, 14, 20))), 'malformed');
  assert.equal(reason(resealed((bytes) => bytes.fill(0, 0, 1))), 'malformed');
  assert.deepEqual(openBeat(frame, { ...here, keys: [macOf('another key')] }), { ok: false, reason: 'corrupted' });
  assert.deepEqual(openBeat(frame, { keys: [macOf('another key')], pair: 9 }), { ok: false, reason: 'foreign' });
  assert.deepEqual(openBeat(frame, { ...here, pair: 9 }), { ok: true, key: 0, beat: sample }, 'the core judges that');
});

test('a beat outside the ranges of its fields is never sealed', () => {
  const wrong: Partial<Beat>[] = [
    { sequence: 0 },
    { sequence: 2 ** 40 },
    { version: 0 },
    { version: 3, speaks: 3 },
    { version: 2, speaks: 1 },
    { speaks: 16 },
    { term: -1 },
    { term: 1.5 },
    { granted: 2 ** 32 },
    { boot: '' },
    { boot: '0000000000000000' },
    { hearing: 'xyz' },
    { heard: { serial: Number.NaN, heartbeat: 0, public: 0, private: 0 } },
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

test('what was last heard over a heartbeat NIC stands behind the rest in version 2, and costs the others nothing', () => {
  fc.assert(
    fc.property(beats, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (beat, sequence) => {
      const second = { ...beat, version: 2, speaks: 2, heard: { ...beat.heard, heartbeat: sequence } };
      const frame = sealBeat(second, mac);
      assert.equal(frame.length, FRAME_SIZE + 4);
      assert.deepEqual(openBeat(frame, here), { ok: true, key: 0, beat: second });
      const first = { ...second, version: 1 };
      const without = { ...first, heard: { ...first.heard, heartbeat: 0 } };
      assert.deepEqual(openBeat(sealBeat(first, mac), here), { ok: true, key: 0, beat: without });
    }),
  );
});

test('version 2 has the same size, and says so', () => {
  fc.assert(
    fc.property(beats, (beat) => {
      const second = { ...beat, version: 2, speaks: Math.max(2, beat.speaks) };
      const frame = sealBeat(second, mac);
      assert.deepEqual([frame.length, frame[0]], [FRAME_SIZE, 2]);
      assert.deepEqual(openBeat(frame, here), { ok: true, key: 0, beat: second });
      assert.deepEqual(openBeat(frame, { ...here, highest: 1 }), { ok: false, reason: 'future-version' });
    }),
  );
});

test('flags and further fields of version 2 that are not known are ignored, and cannot be meddled with', () => {
  const second = { ...sample, version: 2, speaks: 2 };
  const later = Buffer.from(sealBeat(second, mac)).subarray(0, 56);
  later[14]! |= 0xf0;
  for (let more = 0; more <= MAX_FRAME - FRAME_SIZE; more += 1) {
    // Four bytes or more are what was heard over a heartbeat NIC, and then something unknown.
    const body = Buffer.concat([later, Buffer.alloc(Math.min(4, more)), Buffer.alloc(Math.max(0, more - 4), 0xee)]);
    const frame = Buffer.concat([body, mac(body).subarray(0, 16)]);
    assert.deepEqual(openBeat(frame, here), { ok: true, key: 0, beat: second }, `${more} more bytes`);
    frame[56]! ^= 1;
    assert.deepEqual(openBeat(frame, here), { ok: false, reason: 'corrupted' });
  }
  const body = Buffer.concat([later, Buffer.alloc(MAX_FRAME - FRAME_SIZE + 1)]);
  const long = Buffer.concat([body, mac(body).subarray(0, 16)]);
  assert.deepEqual(openBeat(long, here), { ok: false, reason: 'long' });
});

test('a beat opens under any accepted key, and it is told under which', () => {
  const [old, young] = [macOf('old'), macOf('young')];
  const opening = { keys: [young, old], pair: sample.pair };
  assert.deepEqual(openBeat(sealBeat(sample, young), opening), { ok: true, key: 0, beat: sample });
  assert.deepEqual(openBeat(sealBeat(sample, old), opening), { ok: true, key: 1, beat: sample });
  assert.deepEqual(openBeat(sealBeat(sample, mac), opening), { ok: false, reason: 'corrupted' });
  assert.deepEqual(openBeat(sealBeat(sample, mac), { keys: [] }), { ok: false, reason: 'corrupted' });
});

test('the code is 16 bytes, all of them compared: no beat opens with fewer right', () => {
  const frame = sealBeat(sample, mac);
  for (let right = 0; right < 16; right += 1) {
    const guess = Uint8Array.from(frame);
    for (let at = 56 + right; at < FRAME_SIZE; at += 1) guess[at]! ^= 0xff;
    assert.equal(openBeat(guess, here).ok, false, `${right} bytes right`);
  }
  const calls: number[] = [];
  const counting = (bytes: Uint8Array): Uint8Array => {
    calls.push(bytes.length);
    return mac(bytes);
  };
  openBeat(frame, { ...here, keys: [counting] });
  assert.deepEqual(calls, [FRAME_SIZE - 16], 'everything before the code is under it');
});
