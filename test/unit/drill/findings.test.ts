import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, findings } from '../../../image/rack/drill/findings.ts';
import { type ClaimRow, claimKinds } from '../../../image/rack/drill/ownership.ts';
import type { ProbeRow } from '../../../image/rack/drill/prober.ts';
import type { WatcherReport } from '../../../image/rack/drill/watcher.ts';
import { mac } from '../../../image/rack/figure.ts';
import type { Side } from '../../../src/model/pair.ts';
import type { LaneStatus, Status } from '../../../src/model/status.ts';

/** Probes from 0 to 10 s; unanswered where `down` says so. */
function probes(period: number, down: (sent: number) => boolean): { period: number; rows: ProbeRow[] } {
  const rows: ProbeRow[] = [];
  for (let sent = 0; sent < 10_000; sent += period) rows.push([sent / period, sent, down(sent) ? null : 2]);
  return { period, rows };
}

function watcher(side: Side, moved: number): WatcherReport {
  const claims: ClaimRow[] = [];
  for (let sent = 0; sent < 10_000; sent += 5) {
    if (sent < moved) claims.push([0, claimKinds.answer, sent + 1, sent]);
    else if (sent > moved + 100) claims.push([1, claimKinds.answer, sent + 1, sent]);
  }
  const macs = [mac('a', side), mac('b', side)];
  return { macs, claims, blind_ms: 1, late_p99_ms: 1, unrecorded: 0, scheduling: '' };
}

type Transition = LaneStatus['transitions'][number];

const transition = (at: number, to: string, cause: string): Transition => {
  return {
    at,
    from: to === 'active' ? 'taking' : 'releasing',
    to,
    term: at,
    cause,
    evidence: 'so',
    steps: { silent: 80 },
  };
};

const status = (transitions: Transition[], alarms: Status['alarms'] = []): Status =>
  ({ alarms, lane: { alarms: [], transitions } }) as unknown as Status;

function evidence(down: (sent: number) => boolean, change: Partial<Evidence> = {}): Evidence {
  return {
    from: 'a',
    to: { public: 'b', private: 'b' },
    injected: 3000,
    settled: 8000,
    undone: undefined,
    neighbours: [
      { where: 'gateway', side: 'public', mac: mac('b', 'public') },
      { where: 's2', side: 'private', mac: mac('a', 'private') },
      { where: 's3', side: 'private', mac: mac('b', 'private') },
    ],
    synced: 100,
    collected: {
      prober: {
        tcp: probes(10, down),
        udp: probes(5, down),
        failures: {},
        late_p99_ms: 1,
        late_max_ms: 2,
        scheduling: '',
        forgotten: 0,
      },
      connections: {
        held: 100,
        lost: 0,
        reasons: {},
        stalls: [
          [500, 300],
          [2990, 410],
        ],
        exchanged: 1,
        late_p99_ms: 1,
        scheduling: '',
      },
      public: watcher('public', 3000),
      private: watcher('private', 3000),
    },
    before: { a: status([transition(1, 'active', 'first-start')]), b: status([]) },
    during: { a: undefined, b: status([transition(2, 'active', 'peer-silent')]) },
    after: { a: undefined, b: status([transition(2, 'active', 'peer-silent')]) },
    ...change,
  };
}

test('the outage is the one after the fault, not what came while traffic started', () => {
  const found = findings(evidence((sent) => sent < 400 || (sent >= 3000 && sent < 3150)));
  assert.equal(found.outage_ms, 150);
  assert.equal(found.detail.requests.failed, 15);
  assert.equal(found.detail.datagrams.failed, 30);
  assert.equal(found.detail.trouble_ms, 145);
  assert.equal(found.two_owner_ms, 0);
  assert.equal(found.detail.split_ms, 0);
  assert.equal(found.detail.longest_stall_ms, 410);
  assert.equal(found.detail.unrestored, false);
  assert.deepEqual(found.detail.strangers, []);
  assert.deepEqual(found.detail.misled, ['s2 resolves the private float to a']);
  assert.equal(found.takeover.cause, 'peer-silent');
});

test('mending the fault is judged by itself, and the time the boxes are questioned not at all', () => {
  const down = (sent: number) =>
    (sent >= 3000 && sent < 3050) || (sent >= 8200 && sent < 8500) || (sent >= 9000 && sent < 9080);
  const found = findings(evidence(down, { settled: 8000, undone: 8990 }));
  assert.equal(found.outage_ms, 50);
  assert.equal(found.detail.undo_outage_ms, 80);
});

test('a service that did not come back is told as such', () => {
  assert.equal(findings(evidence((sent) => sent >= 3000)).detail.unrestored, true);
});

test('only what was recorded after the fault is the takeover; the old owner’s word stands beside it', () => {
  const a = status([transition(3, 'standby', 'nic-down'), transition(1, 'active', 'first-start')]);
  const b = status([transition(2, 'active', 'hand-over')], [{ code: 'nic-down', subject: 'public', text: '' }]);
  const found = findings(evidence(() => false, { during: { a, b }, after: { a, b } }));
  assert.equal(found.takeover.cause, 'hand-over');
  assert.equal(found.takeover.released?.cause, 'nic-down');
  assert.deepEqual(found.detail.alarms, ['nic-down public']);
  const stayed = findings(
    evidence(() => false, { during: evidence(() => false).before, after: evidence(() => false).before }),
  );
  assert.deepEqual(stayed.takeover, { cause: 'none' });
});

test('floats on different boxes are a split', () => {
  const base = evidence(() => false);
  const found = findings({ ...base, collected: { ...base.collected, private: watcher('private', 4000) } });
  assert.ok(found.detail.split_ms > 880 && found.detail.split_ms < 1000, `${found.detail.split_ms}`);
});
