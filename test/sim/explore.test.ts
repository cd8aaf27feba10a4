import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bounds, explore } from './explore/search.ts';
import { STARTS } from './explore/starts.ts';
import { SABOTAGES } from './sabotage.ts';

const DEEP: Bounds = { depth: 60, faults: 0 };
const ONE_FAULT: Bounds = { depth: 14, faults: 1 };
const TWO_FAULTS: Bounds = { depth: 7, faults: 2 };

for (const [name, start] of Object.entries(STARTS)) {
  test(`every interleaving from where ${name}`, (t) => {
    for (const bounds of [DEEP, ONE_FAULT, TWO_FAULTS]) {
      const found = explore(start(), bounds);
      t.diagnostic(`${found.states} states, depth ${found.depth}, at most ${bounds.faults} faults`);
      assert.equal(found.violation, undefined, found.trace.join('\n'));
      assert.ok(found.closed || found.depth === bounds.depth);
      assert.ok(found.states > 300, `only ${found.states} states: this explores nothing`);
    }
  });
}

/**
 * From where, within how many actions and faults, and as what a missing rule is found. A term that counts as written too
 * early is not among them: a write takes a step at most here, and every way to ownership takes longer. A slow disk is the
 * seeds' affair.
 */
const FOUND: readonly (readonly [rule: string, start: string, bounds: Bounds, breaks: RegExp])[] = [
  ['no-probe-proof', 'one owns, one stands by', { depth: 24, faults: 1 }, /^one owner/],
  ['no-term-check', 'a thawed owner meets the new one', { depth: 40, faults: 0 }, /^one owner/],
  ['no-drop-before-grant', 'a hand-over is under way', { depth: 10, faults: 0 }, /^one owner/],
  ['no-batch', 'a hand-over is under way', { depth: 10, faults: 0 }, /^together/],
];

for (const [rule, start, bounds, breaks] of FOUND) {
  test(`the exploration finds a core with ${rule}`, (t) => {
    const sabotage = SABOTAGES[rule];
    const found = explore(STARTS[start]!(sabotage), bounds, sabotage);
    t.diagnostic(`${found.violation} at depth ${found.depth}, after ${found.states} states`);
    assert.match(found.violation ?? `nothing in ${found.states} states`, breaks);
    assert.ok(found.trace.length > 0, 'a violation comes with the actions that led to it');
  });
}
