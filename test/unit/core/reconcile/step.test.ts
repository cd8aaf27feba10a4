import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DRIFT_SHOWN_MS,
  MAX_PASSES,
  NOTICE_MS,
  RETRY_MAX_MS,
  SWEEP_MS,
  wakeAt,
} from '../../../../src/core/reconcile/index.ts';
import { Bench, desiredOf, settled, told } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;
const s1 = { address: '192.0.2.11', port: 8080 } as const;

test('without a document nothing is read and nothing is woken', () => {
  const bench = new Bench();
  bench.post({ type: 'notified' });
  bench.post({ type: 'tick' });
  assert.deepEqual(bench.effects, []);
  assert.equal(wakeAt(bench.state), Number.POSITIVE_INFINITY);
});

test('an empty kernel is brought to the document in one round and read back', () => {
  const bench = new Bench();
  bench.want(desiredOf(), 'start');
  assert.deepEqual(
    bench.of('settled').map((round) => round.ok),
    [true],
  );
  assert.equal(bench.of('apply').length, 1);
  assert.equal(bench.of('read').length, 2);
  assert.equal(bench.kernel.ipvs.read().services.length, 2);
});

test('a fresh start on a kernel that is right changes nothing', () => {
  const before = settled();
  const changes = before.kernel.changes();
  const again = new Bench(before.kernel);
  again.want(desiredOf(), 'start');
  assert.equal(again.kernel.changes(), changes);
  assert.deepEqual(
    again.of('settled').map((round) => [round.ok, round.steps]),
    [[true, []]],
  );
});

test('a sweep over a kernel that is right changes nothing and comes again', () => {
  const bench = settled();
  const changes = bench.kernel.changes();
  bench.wake();
  assert.equal(bench.now, SWEEP_MS);
  assert.equal(bench.kernel.changes(), changes);
  assert.equal(wakeAt(bench.state), 2 * SWEEP_MS);
});

test('what somebody deleted is put back at the next sweep, recorded, and shown for a while', () => {
  const bench = settled();
  bench.kernel.ipvs.apply([{ op: 'delete-service', service: web }]);
  bench.wake();
  assert.equal(bench.kernel.ipvs.read().services.length, 2);
  assert.deepEqual(told(bench), [
    'service tcp 198.51.100.10:80: was -s rr, found gone, repaired',
    ...[11, 12, 13].map(
      (last) => `server tcp 198.51.100.10:80 > 192.0.2.${last}:8080: was -m -w 1, found gone, repaired`,
    ),
  ]);
  assert.deepEqual(
    bench.of('alarm').map((effect) => [effect.alarm.code, effect.raised]),
    [['drift', true]],
  );
  bench.forget();
  while (bench.now < DRIFT_SHOWN_MS + 2 * SWEEP_MS) bench.wake();
  assert.deepEqual(
    bench.of('alarm').map((effect) => [effect.alarm.subject, effect.raised]),
    [['repaired', false]],
  );
});

test('what somebody added is quiesced and removed, and recorded once', () => {
  const bench = settled();
  bench.kernel.ipvs.apply([
    {
      op: 'add-destination',
      service: web,
      destination: { address: '192.0.2.99', port: 1, forwarding: 'masquerade', weight: 1, upper: 0, lower: 0 },
    },
  ]);
  bench.wake();
  assert.equal(bench.kernel.ipvs.read().services[0]!.destinations.length, 3);
  assert.deepEqual(told(bench), ['server tcp 198.51.100.10:80 > 192.0.2.99:1: was not there, found -m -w 1, repaired']);
});

test('a sysctl turned back is drift too', () => {
  const bench = settled();
  bench.kernel.sysctls.set('net.ipv4.conf.eth0.send_redirects', '1');
  bench.wake();
  assert.equal(bench.kernel.sysctls.get('net.ipv4.conf.eth0.send_redirects'), '0');
  assert.deepEqual(told(bench), ['sysctl net.ipv4.conf.eth0.send_redirects: was 0, found 1, repaired']);
});

test('a changed document and its later deletions are not drift', () => {
  const bench = settled();
  bench.kernel.ipvs.destination(web, s1).active = 1;
  bench.want(desiredOf((text) => text.replace(/ {6}- \{ name: s1.*8080 \}\n/, '')));
  assert.equal(bench.kernel.ipvs.destination(web, s1).weight, 0);
  bench.wake();
  bench.kernel.ipvs.destination(web, s1).active = 0;
  bench.wake();
  assert.equal(bench.kernel.ipvs.read().services[0]!.destinations.length, 2);
  assert.deepEqual([...bench.of('record'), ...told(bench)], []);
});

test('a removed server without connections goes within the round that quiesced it', () => {
  const bench = settled();
  bench.want(desiredOf((text) => text.replace(/ {6}- \{ name: s1.*8080 \}\n/, '')));
  assert.deepEqual(bench.of('settled')[0]!.steps, [
    '-e -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 0',
    '-d -t 198.51.100.10:80 -r 192.0.2.11:8080',
  ]);
});

test('what the kernel refuses raises an alarm once, is tried again ever more slowly, and clears', () => {
  const bench = settled();
  bench.kernel.ipvs.refuse = (step) => step.op === 'add-destination';
  bench.kernel.ipvs.apply([{ op: 'delete-destination', service: web, destination: s1 }]);
  const waits: number[] = [];
  bench.wake();
  for (let i = 0; i < 8; i += 1) {
    const before = bench.now;
    bench.wake();
    waits.push(bench.now - before);
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, RETRY_MAX_MS, RETRY_MAX_MS]);
  assert.ok(!bench.state.verified);
  const raised = bench.of('alarm').filter((effect) => effect.alarm.subject === 'kernel');
  assert.deepEqual(
    raised.map((effect) => effect.raised),
    [true],
  );
  assert.match(raised[0]!.alarm.text, /-a -t 198\.51\.100\.10:80 -r 192\.0\.2\.11:8080.*EPERM/);

  bench.kernel.ipvs.refuse = () => false;
  bench.wake();
  assert.ok(bench.state.verified);
  assert.deepEqual(
    bench
      .of('alarm')
      .filter((effect) => effect.alarm.subject === 'kernel')
      .at(-1)!.raised,
    false,
  );
});

test('a refused step does not hold up the others', () => {
  const bench = new Bench();
  bench.kernel.ipvs.refuse = (step) => step.op === 'start-daemon';
  bench.want(desiredOf(), 'start');
  assert.equal(bench.kernel.ipvs.read().services.length, 2);
  const [round] = bench.of('settled');
  assert.equal(round!.ok, false);
  assert.equal(bench.of('apply').length, 1, 'what was refused waits for the next round');
  assert.ok(round!.refused.every((refusal) => refusal.step.startsWith('--start-daemon')));
});

test('a kernel that cannot be read is asked again', () => {
  const bench = settled();
  bench.readable = false;
  bench.wake();
  assert.ok(!bench.state.verified);
  bench.readable = true;
  bench.wake();
  assert.ok(bench.state.verified);
});

test('a burst of notifications is one look, soon', () => {
  const bench = settled();
  bench.now = 100;
  for (let i = 0; i < 50; i += 1) bench.post({ type: 'notified' });
  assert.equal(wakeAt(bench.state), 100 + NOTICE_MS);
  bench.wake();
  assert.equal(bench.of('read').length, 1);
});

test('a table that somebody else keeps changing back ends the round instead of spinning', () => {
  const bench = settled();
  const { ipvs } = bench.kernel;
  const original = ipvs.apply.bind(ipvs);
  ipvs.apply = (steps) => {
    const refused = original(steps);
    original([{ op: 'delete-destination', service: web, destination: s1 }]);
    return refused;
  };
  original([{ op: 'delete-destination', service: web, destination: s1 }]);
  bench.wake();
  assert.deepEqual(
    bench.of('settled').map((round) => round.ok),
    [false],
  );
});

test('a table that somebody else changes ever anew ends the round after some passes', () => {
  const bench = settled();
  const { ipvs } = bench.kernel;
  const original = ipvs.apply.bind(ipvs);
  let port = 1000;
  const meddle = (): void => {
    const foreign = {
      address: '192.0.2.99',
      port: port++,
      forwarding: 'masquerade',
      weight: 1,
      upper: 0,
      lower: 0,
    } as const;
    original([{ op: 'add-destination', service: web, destination: foreign }]);
  };
  ipvs.apply = (steps) => {
    const refused = original(steps);
    meddle();
    return refused;
  };
  meddle();
  bench.wake();
  assert.equal(bench.of('apply').length, MAX_PASSES);
  assert.deepEqual(
    bench.of('settled').map((round) => round.ok),
    [false],
  );
});

test('checks that turn no weight cost no look at the kernel, and the next sweep is a quiet one', () => {
  const bench = settled();
  bench.wake();
  bench.effects.length = 0;
  bench.want(structuredClone(desiredOf()), 'health');
  assert.deepEqual(
    bench.effects.map(({ type }) => type),
    ['settled'],
  );
  bench.want(structuredClone(desiredOf()), 'operator');
  assert.ok(bench.of('read').length > 0, 'an operator’s word is seen through');
});

test('checks that turn no weight have the kernel looked at while it is not known to hold what is wanted', () => {
  const bench = settled();
  bench.post({ type: 'hold', held: true });
  bench.effects.length = 0;
  bench.want(structuredClone(desiredOf()), 'health');
  assert.ok(bench.of('read').length > 0);
});
