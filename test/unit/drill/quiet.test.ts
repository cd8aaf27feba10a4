import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeRow, ProberReport } from '../../../image/rack/drill/prober.ts';
import { longestGap, quietFigures } from '../../../image/rack/drill/quiet.ts';

/** Probes from 0 to 30 s, each answered in 2 ms but where `waited` says otherwise. */
function rows(period: number, waited: (sent: number) => number | null = () => 2): { period: number; rows: ProbeRow[] } {
  const all: ProbeRow[] = [];
  for (let sent = 0; sent < 30_000; sent += period) all.push([sent / period, sent, waited(sent)]);
  return { period, rows: all };
}

const report = (tcp: ProberReport['tcp'], udp: ProberReport['udp']): ProberReport => ({
  ...{ tcp, udp, failures: {}, late_p99_ms: 1, late_max_ms: 2, scheduling: '', forgotten: 0 },
});

test('a quiet rack’s gap is the probes’ own period', () => {
  const { gap_ms, outage_ms, broken } = quietFigures(report(rows(10), rows(5)), 5000, 20);
  assert.deepEqual({ gap_ms, outage_ms, broken }, { gap_ms: { tcp: 10, udp: 5 }, outage_ms: 0, broken: undefined });
});

test('late answers make a gap, unanswered ones an outage as well', () => {
  const late = rows(10, (sent) => (sent >= 8000 && sent < 8040 ? 8042 - sent : 2));
  assert.deepEqual(quietFigures(report(late, rows(5)), 5000, 20).gap_ms, { tcp: 50, udp: 5 });
  const dead = rows(5, (sent) => (sent >= 9000 && sent < 9100 ? null : 2));
  const seen = quietFigures(report(rows(10), dead), 5000, 20);
  assert.deepEqual([seen.gap_ms.udp, seen.outage_ms], [105, 100]);
});

test('what was before and after the quiet time is not looked at', () => {
  const dead = rows(10, (sent) => (sent < 5000 || sent > 25_000 ? null : 2));
  assert.equal(quietFigures(report(dead, rows(5)), 5000, 20).outage_ms, 0);
});

test('without two answers there is no gap', () => {
  const probe = { sequence: 1, sent: 3, waited: 2 };
  assert.equal(longestGap({ kind: 'tcp', period: 10, probes: [probe] }), 0);
});
