import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RETRY_MS } from '../../../../src/core/reconcile/state.ts';
import type { Kernel } from '../../../../src/shell/controller/kernel.ts';
import { createReconciler } from '../../../../src/shell/controller/reconciler.ts';
import { desiredOf } from '../../core/reconcile/bench.ts';

test('a kernel that could not be read is read again soon, however long the round took', () => {
  let now = 1000;
  let armed = Number.POSITIVE_INFINITY;
  const kernel = {
    ipvs: {
      read() {
        now += 3000;
        throw new Error('the dump was interrupted');
      },
    },
    network: { watch: () => () => {} },
  } as unknown as Kernel;
  const clock = {
    now: () => now,
    wall: () => now,
    at(at: number) {
      armed = at;
      return () => {};
    },
  };
  const none = (): void => {};
  const hooks = { step: none, record: none, alarm: none, drifted: none, observed: none, settled: none };
  const reconciler = createReconciler(kernel, clock, hooks);
  assert.equal(reconciler.want(desiredOf(), 'start')?.ok, false);
  assert.equal(now, 4000);
  assert.ok(armed <= now + RETRY_MS, `tried again ${armed - now} ms later`);
});
