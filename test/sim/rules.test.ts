import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, runSeed } from './run.ts';
import { SABOTAGES } from './sabotage.ts';
import type { Timing } from './world.ts';

/** Which invariant each missing rule is bound to break. */
const BREAKS: Readonly<Record<string, RegExp>> = {
  'no-probe-proof': /^one owner/,
  'no-term-check': /^one owner/,
  'no-hearing-before-judging': /^one owner/,
  'no-drop-before-grant': /^one owner/,
  'no-replay-check': /^(service|one owner)/,
  'no-replay-counter': /^(service|one owner)/,
  // A recording that counts as the twin's newest word leaves it deaf to the twin's real ones.
  'no-echo-check': /^(one owner|service|alarms)/,
  'no-lifetime': /^lifetime/,
  'no-batch': /^together/,
  'no-monotonic-clock': /^(service|alarms)/,
  'no-term-on-disk': /^terms/,
  'no-lock-on-disk': /^terms/,
  'no-wait-for-disk': /^terms/,
};

/** The seeds within which each has to be found as what it is bound to break. */
const WITHIN = 200;

/** Where the search begins, for those that show only in few seeds: it would be long from the first. */
const FROM: Readonly<Record<string, number>> = {
  'no-hearing-before-judging': 2700,
  'no-replay-check': 1000,
  'no-lock-on-disk': 137_900,
};

/** The heartbeat that a rule is looked for with, where it is not the usual one. */
const BEAT: Readonly<Record<string, Timing>> = { 'no-lock-on-disk': { intervalMs: 20, deadlineMs: 100 } };

function firstViolation(rule: string): Outcome | undefined {
  const from = FROM[rule] ?? 1;
  for (let seed = from; seed < from + WITHIN; seed += 1) {
    const outcome = runSeed({ seed, sabotage: SABOTAGES[rule], timing: BEAT[rule] });
    if (BREAKS[rule]!.test(outcome.violation ?? '')) return outcome;
  }
  return undefined;
}

for (const rule of Object.keys(SABOTAGES)) {
  test(`the simulator notices a core with ${rule}`, (t) => {
    const outcome = firstViolation(rule);
    assert.ok(outcome !== undefined, `nothing in ${WITHIN} seeds`);
    t.diagnostic(`seed ${outcome.seed}: ${outcome.violation}`);
    assert.ok(outcome.trace.length > 2, 'a violation comes with the lines that led to it');
  });
}
