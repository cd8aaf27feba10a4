import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COUNTERS, initialStats, layoutOf, ratesOf, step } from '../../../../src/core/stats/index.ts';
import type { Counters } from '../../../../src/model/ipvs.ts';
import type { StatsRow } from '../../../../src/model/stats.ts';
import { destination, documentOf, plus, service, tableOf, ZERO } from './table.ts';

const amount = fc.oneof(fc.nat(1_000), fc.nat(10 ** 12));
const traffic: fc.Arbitrary<Counters> = fc.record({
  connections: amount,
  packetsIn: amount,
  packetsOut: amount,
  bytesIn: amount,
  bytesOut: amount,
});

/** Between two looks: how long, what ran to each server, and what became of the table before it ran. */
const happening = fc.record({
  ms: fc.integer({ min: 1, max: 70_000 }),
  wallJump: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -1e8, max: 1e8 }) },
  ),
  s1: traffic,
  s2: traffic,
  fate: fc.oneof(
    { weight: 5, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('delete-s1', 'add-s1-again', 'kernel-anew', 'laid-out-anew' as const) },
  ),
});

test('whatever restarts: rates are at most what ran, never negative; kept rows add up to the same; exact without restarts', () => {
  fc.assert(
    fc.property(traffic, fc.array(happening, { minLength: 1, maxLength: 40 }), (old, happenings) => {
      const layout = layoutOf(documentOf({ web: ['s1', 's2'] }));
      let state = step(initialStats, { type: 'layout', layout }, 0).state;
      let [s1, s2, all]: [Counters | undefined, Counters, Counters] = [old, old, plus(old, old)];
      let [now, wall] = [1_000, 1_700_000_000_000];
      let unseen = ZERO;
      let restarted = false;
      /** What ran, look by look, by when it was looked at. */
      const ran: { at: number; total: Counters }[] = [];
      const rows: StatsRow[] = [];
      for (const { ms, wallJump, s1: to1, s2: to2, fate } of [
        { ...happenings[0]!, fate: 'none' as const },
        ...happenings,
      ]) {
        if (fate === 'delete-s1') s1 = undefined;
        if (fate === 'add-s1-again') s1 = ZERO;
        if (fate === 'kernel-anew') [s1, s2, all] = [ZERO, ZERO, ZERO];
        if (fate === 'laid-out-anew') state = step(state, { type: 'layout', layout }, now).state;
        if (fate !== 'none') restarted = true;
        const first = ran.length === 0;
        const total = s1 === undefined ? to2 : plus(to1, to2);
        if (s1 !== undefined) s1 = plus(s1, to1);
        s2 = plus(s2, to2);
        all = plus(all, total);
        unseen = plus(unseen, total);
        now += ms;
        wall += ms + wallJump;
        const ipvs = tableOf(service(80, all, [...(s1 ? [destination('s1', s1)] : []), destination('s2', s2)]));
        const stepped = step(state, { type: 'sample', ipvs, wall }, now);
        rows.push(...stepped.effects.flatMap((effect) => effect.rows));
        if (stepped.state === state) continue;
        state = stepped.state;
        ran.push({ at: now, total: first ? ZERO : unseen });
        unseen = ZERO;
      }
      rows.push(...step(state, { type: 'end' }, now).effects.flatMap((effect) => effect.rows));

      const base = ran.findLastIndex(({ at }) => ran.at(-1)!.at - at >= 8_000);
      const within = ran.slice(Math.max(0, base));
      const seconds = (within.at(-1)!.at - within[0]!.at) / 1_000;
      const most = within.slice(1).reduce((sum, { total }) => plus(sum, total), ZERO);
      for (const field of COUNTERS) {
        const limit = seconds === 0 ? 0 : most[field] / seconds;
        for (const row of [0, 1, 2, 3]) {
          const rate = ratesOf(state, row)[field];
          assert.ok(
            rate >= 0 && rate <= limit * (1 + 1e-9) + 1e-6,
            `${field} of row ${row}: ${rate}, at most ${limit}`,
          );
        }
        const whole = ran.reduce((sum, { total }) => plus(sum, total), ZERO)[field];
        for (const series of ['', 'web']) {
          const sumOf = (tier: StatsRow['tier']): number =>
            rows.filter((row) => row.tier === tier && row.series === series).reduce((sum, row) => sum + row[field], 0);
          assert.ok(rows.every((row) => row[field] >= 0 && row.ms >= 0));
          if (!restarted) assert.equal(sumOf('second'), whole);
          if (!restarted) assert.equal(sumOf('minute'), whole);
          assert.ok(sumOf('minute') <= whole);
        }
      }
    }),
    { numRuns: 300 },
  );
});
