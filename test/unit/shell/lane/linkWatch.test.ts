import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Beat } from '../../../../src/codec/beat.ts';
import type { LinkId } from '../../../../src/model/pair.ts';
import { createLinkWatch } from '../../../../src/shell/lane/linkWatch.ts';

const LINKS: readonly LinkId[] = ['serial', 'private', 'public'];
const SHARED: readonly LinkId[] = ['private', 'public'];
const DEADLINE = 100;

const beat = (sequence: number, heard: Partial<Beat['heard']> = {}, boot = 'bbbbbbbbbbbbbbbb'): Beat => ({
  version: 1,
  speaks: 1,
  pair: 7,
  from: 'b',
  boot,
  sequence,
  term: 1,
  role: 'standby',
  publicUp: true,
  privateUp: true,
  ready: true,
  handingOver: false,
  prepared: 0,
  granted: 0,
  revision: 1,
  hearing: 'aaaaaaaaaaaaaaaa',
  heard: { serial: 0, heartbeat: 0, public: 0, private: 0, ...heard },
});

const watch = () => createLinkWatch(LINKS, SHARED, DEADLINE, 0);

/** Two nodes that beat every 20 ms, each link with its own delay; beats of the twin in `lost` do not come. */
function talk(beats: number, delay: number, lost: (sequence: number, link: LinkId) => boolean = () => false) {
  const links = watch();
  for (let sequence = 1; sequence <= beats; sequence += 1) {
    const now = 20 * sequence;
    for (const link of LINKS) links.sent(link, sequence, now);
    const came = LINKS.filter((link, index) => {
      const turn = link === 'serial' || sequence % 2 === index - 1;
      return turn && !lost(sequence, link);
    });
    for (const link of came) links.heard(link, beat(sequence, { serial: sequence, private: sequence }), now + delay);
  }
  return { links, now: 20 * beats + delay };
}

test('round trip from a beat to the first that echoes it; none on a link that is not echoed', () => {
  const { links, now } = talk(500, 7);
  assert.deepEqual(links.figures('serial', now).roundTrip, { min: 7, median: 7, max: 7 });
  assert.equal(links.figures('public', now).roundTrip, null);
});

test('an echo that is repeated, or older than what is kept, makes no round trip', () => {
  const links = watch();
  links.sent('serial', 1, 0);
  links.heard('serial', beat(1, { serial: 1 }), 8);
  links.heard('serial', beat(2, { serial: 1 }), 28);
  links.sent('serial', 65, 1300);
  links.heard('serial', beat(3, { serial: 65 }), 1310);
  links.heard('serial', beat(4, { serial: 1 }), 1320);
  assert.deepEqual(links.figures('serial', 1330).roundTrip, { min: 8, median: 9, max: 10 });
});

test('sequences beyond 2^32 are echoed by their lower half', () => {
  const links = watch();
  const sequence = 2 ** 32 + 5;
  links.sent('serial', sequence, 100);
  links.heard('serial', beat(9, { serial: 5 }), 112);
  assert.equal(links.figures('serial', 120).roundTrip?.median, 12);
});

test('loss counts the beats whose turn the link had', () => {
  const whole = talk(1000, 5);
  for (const link of LINKS) assert.equal(whole.links.figures(link, whole.now).loss, 0, link);
  const tenth = talk(1000, 5, (sequence, link) => link === 'serial' && sequence % 10 === 5);
  assert.ok(Math.abs(tenth.links.figures('serial', tenth.now).loss! - 0.1) < 0.01);
  assert.equal(tenth.links.figures('public', tenth.now).loss, 0);
  const half = talk(1000, 5, (sequence, link) => link === 'public' && sequence > 500);
  assert.ok(Math.abs(half.links.figures('public', half.now).loss! - 0.5) < 0.02, 'also of a link that is silent now');
});

test('any loss: the share is that of the beats left out', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 50, maxLength: 400 }), (lost) => {
      // First and last arrive, so that every other one is between two that did.
      const left = (sequence: number) => sequence > 1 && sequence < lost.length && lost[sequence - 1] === true;
      const { links, now } = talk(lost.length, 5, (sequence, link) => link === 'serial' && left(sequence));
      const missed = lost.filter((_, index) => left(index + 1)).length;
      const { loss } = links.figures('serial', now);
      assert.ok(Math.abs(loss! - missed / (lost.length - 1)) < 1e-9, `${loss} for ${missed} of ${lost.length}`);
    }),
    { numRuns: 50 },
  );
});

test('a twin that starts again has lost nothing by counting from 1', () => {
  const links = watch();
  for (let sequence = 1; sequence <= 100; sequence += 1) links.heard('serial', beat(sequence), 20 * sequence);
  const again = 'cccccccccccccccc';
  for (let sequence = 1; sequence <= 100; sequence += 1)
    links.heard('serial', beat(sequence, {}, again), 9000 + 20 * sequence);
  assert.equal(links.figures('serial', 11_001).loss, 0);
});

test('since when it is heard, or silent', () => {
  const links = watch();
  assert.equal(links.figures('serial', 500).sinceMs, null);
  links.heard('serial', beat(1), 1000);
  links.heard('serial', beat(2), 1090);
  assert.equal(links.figures('serial', 1100).sinceMs, 100);
  assert.equal(links.figures('serial', 5090).sinceMs, 4000, 'silent since the last beat');
  links.heard('serial', beat(3), 6000);
  assert.equal(links.figures('serial', 6050).sinceMs, 50);
});

test('what is older than a minute is forgotten', () => {
  const { links, now } = talk(500, 40, (sequence, link) => link === 'serial' && sequence % 2 === 0);
  assert.ok(links.figures('serial', now).beatsPerSecond > 45);
  for (let index = 1; index <= 4000; index += 1) {
    const at = now + 20 * index;
    links.sent('serial', 500 + index, at);
    links.heard('serial', beat(500 + index, { serial: 500 + index }), at + 3);
  }
  const { roundTrip, loss, beatsPerSecond } = links.figures('serial', now + 80_004);
  assert.deepEqual(roundTrip, { min: 3, median: 3, max: 3 });
  assert.equal(loss, 0);
  assert.ok(Math.abs(beatsPerSecond - 50) < 1, `${beatsPerSecond} beats/s`);
});
