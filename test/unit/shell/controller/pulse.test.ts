import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPulse } from '../../../../src/shell/controller/pulse.ts';
import { EXAMPLE } from '../../model/example.ts';
import { Box } from './bench.ts';

const WATCHDOG_MS = 30_000;

/** A process whose time passes only where a test says so: no timer of it fires, as in work that lets nothing else run. */
function standing() {
  let now = 5_000;
  const fed: number[] = [];
  const nothing = (): void => {};
  const watched: number[] = [];
  const supervisor = {
    ...{ watchdogMs: WATCHDOG_MS, ready: nothing, status: nothing, stopping: nothing },
    watch: (ms: number) => watched.push(ms),
    alive: () => fed.push(now),
  };
  const pulse = createPulse(supervisor, { now: () => now, wall: () => now, at: () => nothing });
  return {
    ...{ pulse, fed, watched },
    pass(ms: number) {
      now += ms;
    },
  };
}

test('long work that comes further feeds the watchdog, no more often than its timer would', () => {
  const { pulse, fed, pass } = standing();
  for (let at = 0; at < 120_000; at += 500) {
    pass(500);
    pulse.step();
  }
  const waits = fed.slice(1).map((at, index) => at - fed[index]!);
  assert.ok(Math.max(...waits) < WATCHDOG_MS / 2, `${waits}`);
  assert.ok(Math.min(...waits) >= WATCHDOG_MS / 3, `${waits}`);
});

test('for a large document the watchdog waits longer, up to ten times, and for the next small one as before', () => {
  const { pulse, watched } = standing();
  for (const characters of [2_000, 199_999, 700_000, 700_000, 4_000_000, 2_000]) pulse.expect(characters);
  assert.deepEqual(watched, [4 * WATCHDOG_MS, 10 * WATCHDOG_MS, WATCHDOG_MS]);
});

test('a small document that is only looked at leaves the watchdog as the large one in force needs it', async () => {
  const box = new Box();
  const { ask } = await box.start(EXAMPLE);
  const large = EXAMPLE + '# and so on\n'.repeat(40_000);
  const watched = () => box.said.filter((word) => word.startsWith('watch'));
  await ask({ do: 'apply', text: large, author: 'ann' });
  await ask({ do: 'plan', text: EXAMPLE });
  assert.deepEqual(watched(), ['watch 9000']);
  await ask({ do: 'apply', text: EXAMPLE, author: 'ann' });
  await ask({ do: 'plan', text: EXAMPLE });
  assert.deepEqual(watched(), ['watch 9000', 'watch 3000']);
});

test('a document whose work takes longer than the watchdog waits ends no controller that gets on with it', async () => {
  const box = new Box();
  const running = await box.start(EXAMPLE);
  const { now } = box.clock;
  const { ipvs } = box.kernel;
  const [read, apply] = [ipvs.read, ipvs.apply];
  let spent = 0;
  box.clock.now = () => now.call(box.clock) + spent;
  const fed: number[] = [];
  box.said.push = (word) => (word === 'alive' ? fed.push(box.clock.now()) : 0);
  ipvs.read = () => {
    spent += 1_800;
    return read.call(ipvs);
  };
  ipvs.apply = (steps) => {
    spent += 1_800;
    return apply.call(ipvs, steps);
  };
  const begun = box.clock.now();
  await running.ask({ do: 'apply', text: EXAMPLE.replace('weight: 1', 'weight: 2'), author: 'ann' });
  const [first, ...rest] = [begun, ...fed, box.clock.now()];
  const waits = rest.map((at, index) => at - [first, ...rest][index]!);
  assert.ok(box.clock.now() - begun > 3_000, 'longer than the watchdog waits');
  assert.ok(Math.max(...waits) < 3_000, `${waits}`);
});
