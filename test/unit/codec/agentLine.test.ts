import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAgentLine } from '../../../src/codec/agentLine.ts';

test('what an agent may say', () => {
  for (const [line, up, share] of [
    ['75%', true, 75],
    ['0%', true, 0],
    ['250%', true, 100],
    ['up', true, 100],
    ['READY, 20%', true, 20],
    ['drain 50%', true, 0],
    ['up 50% down', false, 0],
    ['stopped#why', false, 0],
    ['10% # down', true, 10],
  ] as const) {
    const said = parseAgentLine(line);
    assert.deepEqual([said?.up, said?.share], [up, share], line);
  }
  for (const line of ['', 'x', '75', '%', '-1%', '1.5%', '# up']) assert.equal(parseAgentLine(line), undefined, line);
});

test('whatever comes, a share is a percentage', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(99_999), (noise, number) => {
      const said = parseAgentLine(`${noise.replaceAll('#', '')} ${number}%`);
      assert.ok(said !== undefined && said.share >= 0 && said.share <= 100);
    }),
  );
});
