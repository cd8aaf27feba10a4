import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lane } from '../../../../src/model/lane.ts';
import { failoverConfig } from '../../../../src/shell/lane/config.ts';
import { releaseBatch } from '../../../../src/shell/lane/floats.ts';
import { handOverPlan } from '../../../../src/shell/lane/plan.ts';
import { createBench, LANE } from './bench.ts';

const BOTH_SET = ['set eth1:1', 'set eth0:1'];
const BOTH_GONE = ['delete eth1:1', 'delete eth0:1'];

test('a lane that starts first lets go of what a predecessor left, both floats in one batch', () => {
  const float = { device: 'eth0', address: '198.51.100.10', prefix: 24, label: 'eth0:1', validSeconds: 2 };
  const bench = createBench([float]);
  assert.deepEqual(bench.batches, [BOTH_GONE]);
  assert.deepEqual(bench.addresses(), []);
});

test('the clean-up of a dead lane is written down before any float is up', () => {
  const bench = createBench();
  assert.deepEqual(bench.released, ['198.51.100.10 192.0.2.1']);
});

test('alone and ready, it takes both floats in one batch with a lifetime, and renews them', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(3000);
  assert.equal(bench.runner.state().role, 'active');
  assert.deepEqual(bench.batches[1], BOTH_SET);
  assert.ok(bench.addresses().every((address) => address.validSeconds === 2));
  const renewals = bench.batches.slice(2);
  assert.ok(renewals.length >= 3, `${renewals.length} renewals`);
  assert.ok(renewals.every((batch) => batch.join() === BOTH_SET.join()));
});

test('the watchdog is strict from before the floats go up until they are gone', async () => {
  const bench = createBench();
  assert.deepEqual(bench.guards, [false]);
  bench.runner.ready(true);
  await bench.run(1500);
  assert.deepEqual(bench.guards, [false, true]);
  bench.runner.shutdown();
  await bench.run(10);
  assert.deepEqual(bench.guards, [false, true, false]);
});

test('the watchdog is strict before the kernel is asked for the floats, and no longer when it refused them', async () => {
  const bench = createBench();
  bench.refuse = 'set';
  bench.runner.ready(true);
  await bench.run(1500);
  assert.deepEqual(bench.guards.slice(0, 3), [false, true, false]);
});

test('the watchdog learns of another deadline while the floats are up', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  const next: Lane = { ...LANE, digest: '1234567800000000', deadlineMs: 700 };
  bench.runner.reconfigure(next, failoverConfig(next, '00112233445566aa', 1));
  assert.deepEqual([bench.guards.at(-1), bench.guardDeadlines.at(-1)], [true, 700]);
});

test('while it asks for the floats, every event is judged by what lies in the ARP sockets', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(300);
  assert.ok((bench.runner.state().hunt?.unanswered ?? 0) > 0, 'it asks, and nobody has answered');
  bench.unread.push(LANE.floats.public.address, LANE.floats.private.address);
  bench.runner.ready(true);
  assert.deepEqual([bench.runner.state().hunt?.unanswered, bench.unread.length], [0, 0]);
});

test('without a word from the controller it takes nothing', async () => {
  const bench = createBench();
  await bench.run(5000);
  assert.equal(bench.runner.state().role, 'standby');
  assert.deepEqual(bench.batches, [BOTH_GONE]);
});

test('floats that cannot be installed are dropped together and the failure is told', async () => {
  const bench = createBench();
  bench.refuse = 'set';
  bench.runner.ready(true);
  await bench.run(1500);
  assert.deepEqual(bench.batches.slice(1, 3), [BOTH_SET, BOTH_GONE]);
  assert.notEqual(bench.runner.state().role, 'active');
  assert.deepEqual(bench.failures, []);
});

test('floats that cannot be dropped end the process, so that the unit cleans up', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  bench.refuse = 'delete';
  bench.runner.shutdown();
  await bench.run(1000);
  assert.match(bench.failures[0] ?? '', /could not be dropped/);
});

test('a look at the kernel that fails is made again, and costs nobody the floats', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  bench.blindLooks = 3;
  await bench.run(2000);
  assert.equal(bench.blindLooks, 0);
  assert.equal(bench.runner.state().role, 'active');
  assert.deepEqual(bench.failures, []);
  assert.equal(bench.log.filter((line) => /^the addresses could not be read: answers were lost/.test(line)).length, 1);
});

test('a kernel that stays unreadable ends the process, so that the unit cleans up', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  bench.blindLooks = Number.POSITIVE_INFINITY;
  await bench.run(3000);
  assert.match(bench.failures[0] ?? '', /^the addresses could not be read: answers were lost .*, 20 times on end$/);
});

test('a probe that could not leave is no proof', async () => {
  const bench = createBench();
  bench.mute = 'eth0';
  bench.runner.ready(true);
  await bench.run(5000);
  assert.deepEqual(bench.batches, [BOTH_GONE]);
  bench.mute = undefined;
  await bench.run(3000);
  assert.equal(bench.runner.state().role, 'active');
});

test('a hand-over without a twin is refused with the reason, and nothing moves', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  const answer = bench.runner.handOver('operator');
  await bench.run(1500);
  const { ok, text } = await answer;
  assert.equal(ok, false);
  assert.match(text, /\bb\b/);
  assert.equal(bench.runner.state().role, 'active');
});

test('a document with another public float moves it in one batch, and the other float stays', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  const next: Lane = {
    ...LANE,
    digest: '1234567800000000',
    floats: { ...LANE.floats, public: { ...LANE.floats.public, address: '198.51.100.20' } },
  };
  const before = bench.batches.length;
  bench.runner.reconfigure(next, failoverConfig(next, '00112233445566aa', 1));
  assert.deepEqual(bench.batches[before], ['delete eth0:1', 'set eth1:1', 'set eth0:1']);
  assert.deepEqual(
    bench
      .addresses()
      .map(({ address }) => address)
      .sort(),
    ['192.0.2.1', '198.51.100.20'],
  );
  assert.equal(bench.runner.state().role, 'active');
});

test('an asked-for end drops both floats and says so', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  bench.runner.shutdown();
  await bench.run(2000);
  assert.deepEqual(bench.addresses(), []);
  assert.ok(bench.log.includes('ended'));
});

test('a plan of a hand-over says why there would be none, and moves nothing', async () => {
  const bench = createBench();
  bench.runner.ready(true);
  await bench.run(2000);
  const batches = bench.batches.length;
  const plan = handOverPlan(bench.runner, bench.runner.state().at);
  assert.deepEqual([plan.steps, plan.refusal], [[], 'b is not heard']);
  assert.equal(bench.batches.length, batches);
});

test('a hold is in force at once and told when it is on the disk; a lane that starts held takes nothing', async () => {
  const bench = createBench();
  const hold = { reason: 'fans', by: 'cli:root' };
  const said = bench.runner.hold(hold);
  assert.deepEqual(bench.runner.state().hold, hold);
  assert.deepEqual(await said, {
    ok: true,
    text: 'a is held: it takes no floats, and b gives it none, until `tandem resume`',
  });
  assert.deepEqual(bench.saved, [hold]);
  bench.runner.ready(true);
  await bench.run(3000);
  assert.equal(bench.runner.state().role, 'standby');
  assert.ok(bench.log.some((line) => /^a is held: .*\(cli:root: fans\)$/.test(line)));

  const again = createBench([], { hold });
  again.runner.ready(true);
  await again.run(3000);
  assert.equal(again.runner.state().role, 'standby');
  assert.deepEqual((await again.runner.hold(undefined)).ok, true);
  assert.deepEqual(again.saved, [undefined]);
  await again.run(1000);
  assert.equal(again.runner.state().role, 'active');
});

test('a hold that the disk does not take is in force, and the answer says for how long', async () => {
  const bench = createBench();
  bench.diskFull = true;
  const { ok, text, remedy } = await bench.runner.hold({ reason: '', by: 'x' });
  assert.equal(ok, false);
  assert.match(text, /^a is held: .*, but only until the service restarts: no space left on device$/);
  assert.equal(remedy, 'see to the disk and say it again');
  assert.ok(bench.runner.state().hold);
});

const DUAL: Lane = {
  ...LANE,
  floats: {
    public: { ...LANE.floats.public, address6: { address: '2001:db8::10', prefix: 128 } },
    private: { ...LANE.floats.private, address6: { address: '2001:db8:1::1', prefix: 128 } },
  },
};
const ALL = ['192.0.2.1', '2001:db8:1::1', '198.51.100.10', '2001:db8::10'];

test('floats of both families are probed for, taken in one batch, announced and let go together', async () => {
  const bench = createBench([], { lane: DUAL });
  bench.runner.ready(true);
  await bench.run(3000);
  assert.equal(bench.runner.state().role, 'active');
  assert.deepEqual(bench.probed.slice(0, 4), ALL);
  assert.deepEqual(bench.batches[1], ['set eth1:1', 'set 2001:db8:1::1', 'set eth0:1', 'set 2001:db8::10']);
  assert.deepEqual(bench.announced.slice(0, 4), ALL);
  assert.ok(bench.addresses().every(({ validSeconds }) => validSeconds === 2));
  bench.runner.shutdown();
  await bench.run(1000);
  assert.deepEqual(bench.addresses(), []);
  assert.equal(bench.batches.at(-1)?.length, 4);
});

test('an IPv6 float that answers is a float that answers', async () => {
  const bench = createBench([], { lane: DUAL });
  bench.runner.ready(true);
  for (let spent = 0; spent < 5000; spent += 20) {
    await bench.run(20);
    bench.claims.get('2001:db8::10')?.();
  }
  assert.equal(bench.runner.state().role, 'standby');
  assert.ok(bench.runner.state().alarms.some(({ code }) => code === 'peer-silent-floats-answer'));
  await bench.run(3000);
  assert.equal(bench.runner.state().role, 'active');
});

test('a lane that starts lets go of a float of which only the IPv6 half is left', () => {
  const left = { device: 'eth0', address: '2001:db8::10', prefix: 128, label: '', validSeconds: 2 };
  assert.deepEqual(createBench([left], { lane: DUAL }).addresses(), []);
});

test('the clean-up of a dead lane names both families', () => {
  assert.equal(
    releaseBatch(DUAL.floats),
    'address del 192.0.2.1/24 dev eth1\naddress del 2001:db8:1::1/128 dev eth1\n' +
      'address del 198.51.100.10/24 dev eth0\naddress del 2001:db8::10/128 dev eth0\n',
  );
});
