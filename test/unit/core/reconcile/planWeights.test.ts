import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DesiredService, type DesiredState, planIpvs } from '../../../../src/core/reconcile/index.ts';
import { planWeights } from '../../../../src/core/reconcile/planWeights.ts';
import type { IpvsState } from '../../../../src/model/ipvs.ts';
import { desiredOf, settled, told } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;

const weighed = (weights: readonly number[]): DesiredState => {
  let next = 0;
  return changedServices((service) => ({
    ...service,
    destinations: service.destinations.map((one) => ({ ...one, weight: weights[next++ % weights.length]! })),
  }));
};

const changedServices = (change: (service: DesiredService, index: number) => DesiredService): DesiredState => {
  const desired = desiredOf();
  return { ...desired, services: desired.services.map(change) };
};

/** A kernel that holds a desired state. */
const holding = (desired: DesiredState): IpvsState =>
  ({
    services: desired.services.map((service) => ({
      ...service,
      destinations: service.destinations.map((one) => ({ ...one, active: 0, inactive: 0 })),
    })),
    daemons: desired.daemons,
    timeouts: desired.timeouts,
  }) as unknown as IpvsState;

test('the steps are those of a plan on a kernel that holds the state before', () => {
  const some = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(some, some, (one, other) => {
      const [before, after] = [weighed(one), weighed(other)];
      assert.deepEqual(planWeights(before, after), planIpvs(after, holding(before), {}, 0).steps);
    }),
  );
});

test('whatever else differs is left to the whole plan', () => {
  const before = desiredOf();
  const [first] = before.services;
  for (const [what, after] of [
    ['a service more', { ...before, services: [...before.services, { ...first!, port: 81 }] }],
    ['another scheduler', changedServices((service) => ({ ...service, scheduler: 'lc' }))],
    ['another port', changedServices((service, n) => (n === 0 ? { ...service, port: 81 } : service))],
    ['a server less', changedServices((service) => ({ ...service, destinations: service.destinations.slice(1) }))],
    [
      'another server',
      changedServices((service) => ({
        ...service,
        destinations: service.destinations.map((one) => ({ ...one, port: 99 })),
      })),
    ],
    [
      'another threshold',
      changedServices((service) => ({
        ...service,
        destinations: service.destinations.map((one) => ({ ...one, upper: 9 })),
      })),
    ],
    ['a failed server', changedServices((service) => ({ ...service, failed: [{ address: '192.0.2.11', port: 7 }] }))],
    ['a gateway', { ...before, gateway: { address: '198.51.100.9', device: 'eth0' } }],
  ] as const) {
    assert.equal(planWeights(before, after), undefined, what);
  }
});

const down = changedServices((service, n) =>
  n === 0 ? { ...service, destinations: service.destinations.map((one, k) => ({ ...one, weight: k })) } : service,
);

test('a weight goes to a kernel that was right at the last look before it is read, and is read back then', () => {
  const bench = settled();
  bench.want(down, 'health');
  assert.deepEqual(
    bench.effects.map(({ type }) => type),
    ['apply', 'read', 'settled'],
  );
  assert.deepEqual(
    bench.kernel.ipvs.read().services[0]?.destinations.map(({ weight }) => weight),
    [0, 1, 2],
  );
  assert.deepEqual(
    bench.of('settled').map(({ ok, steps, repaired }) => [ok, steps.length, repaired]),
    [[true, 2, 0]],
  );
  assert.deepEqual(told(bench), []);
});

test('what another tool has done meanwhile is found by the reading back, repaired and told', () => {
  const bench = settled();
  bench.kernel.ipvs.apply([{ op: 'delete-service', service: web }]);
  bench.want(down, 'health');
  assert.deepEqual(
    bench.kernel.ipvs
      .read()
      .services.find(({ port }) => port === 80)
      ?.destinations.map(({ weight }) => weight),
    [0, 1, 2],
  );
  assert.match(told(bench).join('\n'), /service tcp 198\.51\.100\.10:80: was -s rr, found gone, repaired/);
  assert.deepEqual(
    bench.of('settled').map(({ ok }) => ok),
    [true],
  );
});

test('during a hold on repair, and after a look that did not find all well, the kernel is read first', () => {
  for (const spoil of [
    (bench: ReturnType<typeof settled>) => bench.post({ type: 'hold', held: true }),
    (bench: ReturnType<typeof settled>) => {
      bench.readable = false;
      bench.wake();
      bench.readable = true;
      bench.forget();
    },
  ]) {
    const bench = settled();
    spoil(bench);
    bench.want(down, 'health');
    assert.equal(bench.effects[0]?.type, 'read');
  }
});
