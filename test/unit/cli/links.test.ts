import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkLines, span } from '../../../src/cli/print/links.ts';
import type { LaneStatus } from '../../../src/model/status.ts';
import { LANE, STATUS, sockets, tandem } from './fake.ts';

const [serial, , pub] = LANE.links;
const good: LaneStatus['links'][number] = {
  ...serial!,
  heard: true,
  ageMs: 4,
  hearsUs: true,
  sinceMs: 3_725_000,
  roundTrip: { min: 8.06, median: 14.24, max: 31 },
  loss: 0.0004,
  line: { baud: 115_200, use: 0.32 },
};

test('one that works both ways, with what it refused and how full its line is', () => {
  assert.deepEqual(linkLines({ ...LANE, links: [good] }), [
    'serial    heard for 1 h 2 min; b and we hear each other',
    '          round trip 8.1 / 14.2 / 31.0 ms (min / median / max of the last minute)',
    '          loss 0.0 % of what b sent; sent 100, received 90',
    '          refused: crc 2',
    '          line 115200 bit/s, beats use 32.0 % of it',
  ]);
});

test('each way of not working says which', () => {
  const first = (link: Partial<LaneStatus['links'][number]>) =>
    linkLines({ ...LANE, links: [{ ...good, ...link }] })[0];
  assert.equal(first({ hearsUs: false }), 'serial    heard for 1 h 2 min; we hear b, b does not hear us');
  const deaf = { heard: false, ageMs: 4200, sinceMs: 4200 };
  assert.equal(first({ ...deaf }), 'serial    SILENT for 4 s; b hears us, we do not hear b');
  assert.equal(first({ ...deaf, hearsUs: false }), 'serial    SILENT for 4 s; neither hears the other');
  assert.equal(linkLines({ ...LANE, links: [pub!] })[0], 'public    never heard; neither hears the other');
});

test('spans as people say them', () => {
  const said = [840, 12_999, 60_000, 200_000, 7_500_000, 86_400_000, 360_000_000].map(span);
  assert.deepEqual(said, ['840 ms', '12 s', '1 min', '3 min 20 s', '2 h 5 min', '1 d', '4 d 4 h']);
});

test('tandem links asks for the status; without a controller the lane; without a lane it says where to look', async () => {
  const both = await sockets({ controller: () => STATUS });
  const { code, out } = await tandem(['links', '--json'], { run: both.run });
  assert.deepEqual([code, JSON.parse(out)], [0, LANE.links]);
  const alone = await sockets({ lane: () => LANE });
  const text = await tandem(['links'], { run: alone.run });
  assert.deepEqual([text.code, text.out.split('\n').length], [0, linkLines(LANE).length]);
  assert.match(text.err, /the controller does not answer/);
  const without = await sockets({ controller: () => ({ ...STATUS, lane: null }) });
  const none = await tandem(['links'], { run: without.run });
  assert.deepEqual([none.code, none.out], [3, '']);
  assert.match(none.err, /systemctl status tandem-pair/);
  await Promise.all([both.close(), alone.close(), without.close()]);
});
