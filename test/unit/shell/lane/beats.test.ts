import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Beat } from '../../../../src/codec/beat.ts';
import { sealBeat } from '../../../../src/codec/beatFrame.ts';
import type { LinkId } from '../../../../src/model/pair.ts';
import { createBeats } from '../../../../src/shell/lane/beats.ts';
import { Driven, LINKS } from '../../core/failover/harness.ts';

const macOf =
  (key: string) =>
  (bytes: Uint8Array): Uint8Array =>
    createHmac('sha256', key).update(bytes).digest();
const mac = macOf('pair');

/** A node with real frames on its links: what it sends is kept, what is heard goes through its core. */
function bench() {
  const node = new Driven('a', 3).fit();
  const sent: Uint8Array[] = [];
  const ears = new Map<LinkId, (frame: Uint8Array) => void>();
  const links = LINKS.map((id) => ({
    id,
    send: (frame: Uint8Array) => void sent.push(frame),
    onFrame: (to: (frame: Uint8Array) => void) => void ears.set(id, to),
    drops: () => ({ busy: 2 }),
    close: () => {},
  }));
  const clock = { now: () => node.now, wall: () => 0, at: () => () => {} };
  const onBeat = (link: LinkId, beat: Beat) => node.give({ type: 'beat', link, beat });
  const { interval: intervalMs, deadline: deadlineMs } = node.state.config;
  const timing = { intervalMs, deadlineMs };
  const beats = createBeats(clock, { mac }, links, onBeat, timing);
  const hear = (link: LinkId, frame: Uint8Array): void => ears.get(link)?.(frame);
  const twin = (part: Partial<Beat> = {}): Uint8Array => {
    node.twinSequence += 1;
    return sealBeat(node.beat(part), mac);
  };
  beats.send(node.state.lastBeat!);
  return {
    node,
    beats,
    sent,
    hear,
    twin,
    serial: () => beats.status(node.state).find(({ link }) => link === 'serial')!,
  };
}

test('each reason has its own count, and what the link itself lost is told apart', () => {
  const { hear, twin, sent, serial } = bench();
  const good = twin();
  hear('serial', good);
  hear('serial', good);
  hear('serial', good.subarray(0, 40));
  hear('serial', Uint8Array.from([...good, 0]));
  hear(
    'serial',
    Uint8Array.from(good, (byte, at) => (at === 0 ? 9 : byte)),
  );
  hear(
    'serial',
    Uint8Array.from(good, (byte, at) => (at === 60 ? byte ^ 1 : byte)),
  );
  hear(
    'serial',
    Uint8Array.from(good, (byte, at) => (at === 2 ? byte ^ 1 : byte)),
  );
  hear('serial', twin({ pair: 8 }));
  hear('serial', sent[0]!);
  const { frames, received, refused, dropped } = serial();
  assert.deepEqual([frames, received, dropped], [9, 1, { busy: 2 }]);
  assert.deepEqual(refused, {
    truncated: 1,
    long: 1,
    'future-version': 1,
    corrupted: 1,
    foreign: 2,
    replayed: 1,
    reflected: 1,
    unasked: 0,
  });
});

test('whatever comes, in whatever order: frames that came = accepted + all that were refused', () => {
  const happening = fc.record({
    link: fc.constantFrom(...LINKS),
    kind: fc.constantFrom('good', 'again', 'own', 'pair', 'key', 'cut', 'wild', 'later', 'time'),
    seed: fc.uint8Array({ maxLength: 80 }),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const { node, beats, sent, hear, twin } = bench();
      let last = twin();
      const came = { serial: 0, heartbeat: 0, public: 0, private: 0 };
      for (const { link, kind, seed } of happenings) {
        if (kind === 'time') {
          node.run(seed.length * 5);
          beats.send(node.state.lastBeat!);
          continue;
        }
        if (kind === 'good') last = twin();
        const frame = {
          good: last,
          again: last,
          own: sent.at(-1)!,
          pair: twin({ pair: 8 }),
          key: sealBeat(node.beat({ sequence: 5 }), macOf('other')),
          cut: last.subarray(0, seed.length),
          wild: seed,
          later: Uint8Array.from(last, (byte, at) => (at === 0 ? 7 : byte)),
        }[kind];
        hear(link, frame);
        came[link] += 1;
      }
      for (const { link, frames, received, refused } of beats.status(node.state)) {
        assert.equal(frames, came[link]);
        assert.equal(
          frames,
          Object.values(refused).reduce((sum, count) => sum + count, received),
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('a looped cable brings a node its own beats: that is no twin, and it comes to own alone', () => {
  const { node, beats, sent, hear, serial } = bench();
  for (let passed = 0; passed < 1500; passed += 10) {
    node.run(10);
    sent.length = 0;
    beats.send(node.state.lastBeat!);
    for (const frame of [...sent]) hear('serial', frame);
  }
  assert.equal(node.state.role, 'active');
  assert.equal(node.state.peer.beat, undefined);
  const { frames, received, heard, refused } = serial();
  assert.deepEqual([received, heard, refused.reflected === frames && frames > 100], [0, false, true]);
});
