import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, runSeed } from './run.ts';
import { SABOTAGES } from './sabotage.ts';

/** Which invariant each missing rule is bound to break. */
const BREAKS: Readonly<Record<string, RegExp>> = {
  'no-probe-proof': /^one owner/,
  'no-term-check': /^one owner/,
  'no-hearing-before-judging': /^one owner/,
  'no-drop-before-grant': /^one owner/,
  'no-replay-check': /^(service|one owner)/,
  'no-replay-counter': /^(service|one owner)/,
  'no-echo-check': /^(one owner|service)/,
  'no-lifetime': /^lifetime/,
  'no-batch': /^together/,
  'no-monotonic-clock': /^(service|alarms)/,
  'no-term-on-disk': /^terms/,
  'no-wait-for-disk': /^terms/,
};

/** The seeds within which each has to be found. */
const WITHIN = 400;

function firstViolation(rule: string): Outcome | undefined {
  for (let seed = 1; seed <= WITHIN; seed += 1) {
    const outcome = runSeed({ seed, sabotage: SABOTAGES[rule] });
    if (outcome.violation !== undefined) return outcome;
  }
  return undefined;
}

for (const rule of Object.keys(SABOTAGES)) {
  test(`the simulator notices a core with ${rule}`, (t) => {
    const outcome = firstViolation(rule);
    assert.match(outcome?.violation ?? `nothing in ${WITHIN} seeds`, BREAKS[rule]!);
    t.diagnostic(`seed ${outcome?.seed}: ${outcome?.violation}`);
    assert.ok((outcome?.trace.length ?? 0) > 5, 'a violation comes with the lines that led to it');
  });
}
