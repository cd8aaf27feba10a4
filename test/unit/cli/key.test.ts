import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeysResult } from '../../../src/model/keys.ts';
import { sockets, tandem } from './fake.ts';

const [OLD, YOUNG] = ['0123456789abcdef', 'fedcba9876543210'];
const settled: KeysResult = { keys: [{ id: OLD, use: 'signs', ageMs: 12 }], settled: true, steps: [] };

test('key shows ids, what each is for and when the twin last used it', async () => {
  const result: KeysResult = {
    keys: [
      { id: OLD, use: 'signs', ageMs: 12 },
      { id: YOUNG, use: 'next', ageMs: null },
    ],
    settled: false,
    steps: [],
  };
  const { run, close } = await sockets({ lane: () => result });
  const { code, out } = await tandem(['key'], { run });
  assert.equal(code, 0);
  assert.equal(
    out,
    `${OLD}  signs; the twin’s last beat under it 12 ms ago\n${YOUNG}  accepted, signs once the twin has it; no beat of the twin under it yet`,
  );
  assert.deepEqual(JSON.parse((await tandem(['key', '--json'], { run })).out), result);
  await close();
});

test('key rotate tells each step once, as it is made, and what stands in the end', async () => {
  const ends: KeysResult[] = [
    { keys: [...settled.keys, { id: YOUNG, use: 'next', ageMs: null }], settled: false, steps: ['one'] },
    { keys: [{ id: YOUNG, use: 'signs', ageMs: 1 }], settled: true, steps: ['one', 'two', 'three'] },
  ];
  const { run, close, asked } = await sockets({
    lane: ({ do: what }) => (asked.length === 1 && what === 'keys' ? settled : ends[asked.length === 2 ? 0 : 1]),
  });
  const { code, out } = await tandem(['key', 'rotate'], { run });
  assert.deepEqual([code, out.split('\n').slice(0, 3)], [0, ['one', 'two', 'three']]);
  assert.deepEqual(
    asked.map((request) => request.do),
    ['keys', 'rotate-key', 'keys'],
  );
  await close();
});

test('a wrong word is a wrong command line', async () => {
  const { code, err } = await tandem(['key', 'show'], {});
  assert.equal(code, 2);
  assert.match(err, /key takes no "show"; there is only rotate/);
});
