import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DRILLS, drillNamed } from '../../../image/rack/drill/drills.ts';
import {
  barAt,
  broken,
  type Findings,
  judge,
  type RunDetail,
  type RunResult,
  summarise,
  tableRow,
} from '../../../image/rack/drill/result.ts';

const powerCut = drillNamed('power-cut');

const detail: RunDetail = {
  from: 'a',
  to: { public: 'b', private: 'b' },
  unrestored: false,
  undo_outage_ms: null,
  trouble_ms: 150,
  requests: { sent: 500, failed: 14, failures: { 'tcp timeout': 14 } },
  datagrams: { sent: 1000, failed: 28 },
  split_ms: 0,
  two_owner_at_most_ms: 0,
  strangers: [],
  misled: [],
  longest_stall_ms: 420,
  lost_by: {},
  synced: 100,
  alarms: ['peer-silent'],
  blind_ms: 3,
  watcher_blind_ms: 2,
  late_p99_ms: 1.2,
};

const good: Findings = {
  outage_ms: 145,
  two_owner_ms: 0,
  connections: { held: 100, lost: 0 },
  takeover: { cause: 'peer-silent', term: 2 },
  detail,
};

const reasons = (change: Partial<Findings>, more: Partial<RunDetail> = {}, bar = powerCut.bar) =>
  judge(bar, { ...good, ...change, detail: { ...detail, ...more } });

describe('the verdict on a run', () => {
  test('has nothing to say about a good one', () => {
    assert.deepEqual(judge(powerCut.bar, good), []);
  });

  test('names each thing that is wrong, with its figure', () => {
    const wrong: [Partial<Findings>, Partial<RunDetail>, RegExp][] = [
      [{ outage_ms: 1000.1 }, {}, /outage of 1000.1 ms, at most 1000 ms/],
      [{}, { unrestored: true }, /did not come back/],
      [{}, { undo_outage_ms: 1001 }, /when the fault was mended/],
      [{}, { blind_ms: 1001 }, /proves nothing/],
      [{ two_owner_ms: 0.5 }, {}, /two routers owned a float for 0.5 ms$/],
      [{}, { split_ms: 7 }, /on two routers for 7 ms/],
      [{}, { strangers: ['02:00:00:00:00:01'] }, /neither box.*02:00:00:00:00:01/],
      [
        {},
        { misled: ['gateway resolves the public float to a'] },
        /^not the owner: gateway resolves the public float to a$/,
      ],
      [{ connections: { held: 99, lost: 1 } }, {}, /1 connections lost, at most 0/],
      [{}, { to: { public: 'b', private: 'a' } }, /a owns the private float at the end, b should/],
      [{ takeover: { cause: 'none' } }, {}, /recorded cause is none, not peer-silent/],
    ];
    for (const [change, more, text] of wrong) {
      const said = reasons(change, more);
      assert.equal(said.length, 1, said.join('; '));
      assert.match(said[0]!, text);
    }
  });

  test('asks for the alarm, for the old owner’s word, and for staying put where the bar does', () => {
    const stay = { from: 'a', to: { public: 'a', private: 'a' } } as const;
    const serial = drillNamed('serial-pulled').bar;
    const quiet = { outage_ms: 0, takeover: { cause: 'none' } };
    assert.deepEqual(reasons(quiet, { ...stay, alarms: ['link-silent serial'] }, serial), []);
    assert.match(reasons(quiet, { ...stay, alarms: ['link-silent public'] }, serial).join(), /no alarm link-silent/);
    assert.match(reasons(quiet, { alarms: ['link-silent serial'] }, serial).join(), /b owns the public float/);
    const wan = drillNamed('wan-down').bar;
    const released = { cause: 'nic-down', evidence: '', steps: {} };
    assert.deepEqual(reasons({ takeover: { cause: 'hand-over', released } }, {}, wan), []);
    assert.match(reasons({ takeover: { cause: 'hand-over' } }, {}, wan).join(), /a recorded nothing when it let go/);
  });

  test('forgives a thawed box one beat, and no more', () => {
    const bar = barAt(drillNamed('frozen').bar, 50);
    assert.deepEqual(reasons({ two_owner_ms: 140 }, { split_ms: 140 }, bar), []);
    assert.match(reasons({ two_owner_ms: 140.1 }, {}, bar).join(), /owned a float for 140.1 ms, at most 140 ms/);
    assert.equal(barAt(drillNamed('frozen').bar, 150).twoOwners, 340);
    assert.equal(barAt(drillNamed('hand-over').bar, 150).twoOwners, undefined);
  });

  test('lets either box have both floats where the bar does, and never one each', () => {
    const { bar } = drillNamed('both-boot');
    const none = { outage_ms: 40_000, takeover: { cause: 'first-start' } };
    for (const box of ['a', 'b'] as const)
      assert.deepEqual(reasons(none, { to: { public: box, private: box } }, bar), []);
    assert.match(reasons(none, { to: { public: 'b', private: 'a' } }, bar).join(), /^a owns the private float/);
    assert.match(reasons({ ...none, two_owner_ms: 1 }, {}, bar).join(), /two routers owned a float/);
  });

  test('asks for the return where the bar does, and for the word of the box that let go', () => {
    const { bar } = drillNamed('preferred');
    const back = { from: 'a', to: { public: 'a', private: 'a' } } as const;
    const released = { cause: 'preferred', evidence: '', steps: {} };
    const given = { takeover: { cause: 'hand-over', released } };
    assert.deepEqual(reasons(given, back, bar), []);
    assert.match(reasons(given, {}, bar).join(), /b owns the public float at the end, a should/);
    assert.match(reasons({ takeover: { cause: 'hand-over' } }, back, bar).join(), /^b recorded nothing when it let go/);
    assert.match(reasons({ ...given, connections: { held: 99, lost: 1 } }, back, bar).join(), /1 connections lost/);
  });

  test('knows an alarm without a subject', () => {
    const { bar } = drillNamed('links-cut');
    const stay = { from: 'a', to: { public: 'a', private: 'a' } } as const;
    const quiet = { outage_ms: 0, takeover: { cause: 'none' } };
    assert.deepEqual(reasons(quiet, { ...stay, alarms: ['peer-silent-floats-answer'] }, bar), []);
    assert.deepEqual(reasons(quiet, { ...stay, alarms: ['peer-silent'] }, bar), [
      'no alarm peer-silent-floats-answer; raised: peer-silent',
    ]);
  });

  test('forgives the dead server its own third of the connections, and no more', () => {
    const bar = drillNamed('server-killed').bar;
    const stay = { to: { public: 'a', private: 'a' }, alarms: ['server-down web/s2'], trouble_ms: 2400 } as const;
    const none = { outage_ms: 10, takeover: { cause: 'none' } };
    assert.deepEqual(reasons({ ...none, connections: { held: 66, lost: 34 } }, stay, bar), []);
    assert.equal(reasons({ ...none, connections: { held: 65, lost: 35 } }, stay, bar).length, 1);
    assert.match(reasons(none, { ...stay, trouble_ms: 3001 }, bar).join(), /probes failed over 3001 ms/);
  });
});

describe('the summary', () => {
  const results = (...outages: (number | null)[]): RunResult[] =>
    outages.map((outage_ms, n) => ({ ...good, drill: 'power-cut', run: n + 1, outage_ms, ok: true, reasons: [] }));

  test('judges the median from three runs on', () => {
    assert.equal(summarise(powerCut, results(900, 900)).ok, true);
    assert.equal(summarise(powerCut, results(150, 200, 900)).ok, true);
    const slow = summarise(powerCut, results(150, 200.2, 900));
    assert.equal(slow.ok, false);
    assert.match(slow.text, /median 200.2 ms \(at most 200 ms\), range 150 ms to 900 ms: too long/);
    assert.match(summarise(powerCut, results(100, 200)).text, /median 150 ms/);
  });

  test('is not ok when a run is not, and says nothing of a median without figures', () => {
    const all = [broken('power-cut', 1, new Error('the rack is gone'))];
    assert.deepEqual(summarise(powerCut, all), { ok: false, text: 'power-cut: 0 of 1 runs ok' });
    assert.match(tableRow(all[0]!), /NOT OK\n +the rack is gone$/);
  });
});

test('every drill of the table is named once, has its bar and its reason', () => {
  assert.deepEqual(
    DRILLS.map(({ name }) => name),
    [
      ...['pair-killed', 'pair-hung', 'controller-killed', 'controller-hung'],
      ...['wan-down', 'lan-down', 'serial-pulled', 'heartbeat-pulled', 'serial-one-way', 'serial-noise'],
      ...['links-cut', 'foreign-key', 'replayed'],
      ...['hand-over', 'button-hand-over', 'two-releases', 'server-killed'],
      ...['frozen', 'cpu-hog', 'disk-full', 'full-hand-over', 'clock-stepped'],
      ...['power-cut', 'standby-cut'],
      ...['commit-cut', 'crowded-cut', 'preferred', 'both-boot'],
    ],
  );
  for (const { bar } of DRILLS) assert.ok(bar.outage > 0 && bar.why.length > 0);
  assert.throws(() => drillNamed('power'), /no drill is called "power"; there are pair-killed,/);
});
