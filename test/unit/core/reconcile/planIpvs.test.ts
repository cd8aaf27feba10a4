import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DesiredService } from '../../../../src/core/reconcile/index.ts';
import { describeStep, planIpvs } from '../../../../src/core/reconcile/index.ts';
import type { Destination, IpvsStep } from '../../../../src/model/ipvs.ts';
import { FakeIpvs } from '../../../fakes/ipvs.ts';

const DRAIN_MS = 60_000;

const server = (last: number, weight = 1): Destination => ({
  address: `192.0.2.${last}`,
  port: 8080,
  forwarding: 'masquerade',
  weight,
  upper: 0,
  lower: 0,
});

const web = (...destinations: Destination[]): DesiredService => ({
  protocol: 'tcp',
  address: '198.51.100.10',
  port: 80,
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: 0,
  onePacket: false,
  destinations,
  failed: [],
});

const want = (...services: DesiredService[]) => ({ services, daemons: [], drainMs: DRAIN_MS });

/** A table that holds `services`. */
function holding(...services: DesiredService[]): FakeIpvs {
  const table = new FakeIpvs();
  assert.deepEqual(table.apply(planIpvs(want(...services), table.read(), {}, 0).steps), []);
  table.log.length = 0;
  return table;
}

const lines = (steps: readonly IpvsStep[]): string[] => steps.map(describeStep);

test('a service is added with its servers, in ipvsadm’s words', () => {
  const { steps } = planIpvs(want(web(server(11), server(12, 3))), new FakeIpvs().read(), {}, 0);
  assert.deepEqual(lines(steps), [
    '-A -t 198.51.100.10:80 -s rr',
    '-a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 1',
    '-a -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 3',
  ]);
});

test('a table that is right gives no step', () => {
  const table = holding(web(server(11), server(12)));
  assert.deepEqual(planIpvs(want(web(server(12), server(11))), table.read(), {}, 0).steps, []);
});

test('a changed weight edits its own server and nothing else', () => {
  const table = holding(web(server(11), server(12), server(13)));
  const { steps } = planIpvs(want(web(server(11), server(12, 9), server(13))), table.read(), {}, 0);
  assert.deepEqual(lines(steps), ['-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 9']);
});

test('a changed scheduler edits the service in place', () => {
  const table = holding(web(server(11)));
  const { steps } = planIpvs(want({ ...web(server(11)), scheduler: 'wlc' }), table.read(), {}, 0);
  assert.deepEqual(lines(steps), ['-E -t 198.51.100.10:80 -s wlc']);
});

test('additions and raised weights come before what takes servers away', () => {
  const table = holding(web(server(11), server(12, 0)));
  const { steps } = planIpvs(want(web(server(12, 1), server(13))), table.read(), {}, 0);
  assert.deepEqual(lines(steps), [
    '-a -t 198.51.100.10:80 -r 192.0.2.13:8080 -m -w 1',
    '-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 1',
    '-e -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 0',
  ]);
});

test('a removed server is quiesced, waits for its connections, then goes', () => {
  const table = holding(web(server(11), server(12)));
  table.destination(web(), server(12)).active = 3;
  const desired = want(web(server(11)));

  const first = planIpvs(desired, table.read(), {}, 1000);
  assert.deepEqual(lines(first.steps), ['-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 0']);
  table.apply(first.steps);

  const waiting = planIpvs(desired, table.read(), first.drains, 5000);
  assert.deepEqual(waiting.steps, []);
  assert.deepEqual(waiting.drains, first.drains);

  table.destination(web(), server(12)).active = 0;
  const last = planIpvs(desired, table.read(), waiting.drains, 6000);
  assert.deepEqual(lines(last.steps), ['-d -t 198.51.100.10:80 -r 192.0.2.12:8080']);
  assert.deepEqual(last.drains, {});
});

test('a removed server with connections goes at its deadline, counted from when it was first unwanted', () => {
  const table = holding(web(server(11), server(12)));
  table.destination(web(), server(12)).inactive = 1;
  const desired = want(web(server(11)));
  const first = planIpvs(desired, table.read(), {}, 1000);
  table.apply(first.steps);
  assert.deepEqual(planIpvs(desired, table.read(), first.drains, 1000 + DRAIN_MS - 1).steps, []);
  const late = planIpvs(desired, table.read(), first.drains, 1000 + DRAIN_MS);
  assert.deepEqual(lines(late.steps), ['-d -t 198.51.100.10:80 -r 192.0.2.12:8080']);
});

test('a server that is wanted again while it drains gets its weight back and is forgotten as leaving', () => {
  const table = holding(web(server(11), server(12)));
  const first = planIpvs(want(web(server(11))), table.read(), {}, 0);
  table.apply(first.steps);
  const back = planIpvs(want(web(server(11), server(12))), table.read(), first.drains, 10);
  assert.deepEqual(lines(back.steps), ['-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 1']);
  assert.deepEqual(back.drains, {});
});

test('a removed service is drained server by server and goes with the last one', () => {
  const table = holding(web(server(11), server(12)));
  table.destination(web(), server(12)).active = 1;
  const first = planIpvs(want(), table.read(), {}, 0);
  assert.equal(first.steps.length, 2);
  table.apply(first.steps);
  const second = planIpvs(want(), table.read(), first.drains, 10);
  assert.deepEqual(lines(second.steps), ['-d -t 198.51.100.10:80 -r 192.0.2.11:8080']);
  table.apply(second.steps);
  table.destination(web(), server(12)).active = 0;
  const third = planIpvs(want(), table.read(), second.drains, 20);
  assert.deepEqual(lines(third.steps), ['-d -t 198.51.100.10:80 -r 192.0.2.12:8080', '-D -t 198.51.100.10:80']);
});

test('a failed UDP server is deleted at once, its connections notwithstanding', () => {
  const echo = { ...web(server(11), server(12)), protocol: 'udp' as const };
  const table = holding(echo);
  table.destination(echo, server(12)).inactive = 40;
  const { address, port } = server(12);
  const { steps } = planIpvs(
    want({ ...echo, destinations: [server(11)], failed: [{ address, port }] }),
    table.read(),
    {},
    0,
  );
  assert.deepEqual(lines(steps), ['-d -u 198.51.100.10:80 -r 192.0.2.12:8080']);
});

test('both sync daemons are started; one on the wrong NIC is stopped first', () => {
  const daemons = [
    { role: 'master', device: 'eth1', syncId: 7 },
    { role: 'backup', device: 'eth1', syncId: 7 },
  ] as const;
  const table = new FakeIpvs();
  table.apply([{ op: 'start-daemon', daemon: { role: 'master', device: 'eth0', syncId: 7 } }]);
  const { steps } = planIpvs({ ...want(), daemons }, table.read(), {}, 0);
  assert.deepEqual(lines(steps), [
    '--stop-daemon master',
    '--start-daemon master --mcast-interface eth1 --syncid 7',
    '--start-daemon backup --mcast-interface eth1 --syncid 7',
  ]);
  assert.deepEqual(table.apply(steps), []);
  assert.deepEqual(planIpvs({ ...want(), daemons }, table.read(), {}, 0).steps, []);
});

const destinations = fc.uniqueArray(
  fc.record({ last: fc.integer({ min: 11, max: 16 }), weight: fc.integer({ min: 0, max: 3 }) }),
  { selector: (entry) => entry.last, maxLength: 6 },
);
const services = fc.uniqueArray(
  fc.record({ port: fc.integer({ min: 80, max: 83 }), scheduler: fc.constantFrom('rr', 'wlc'), destinations }),
  { selector: (entry) => entry.port, maxLength: 4 },
);
const built = services.map((list) =>
  list.map((entry) => ({
    ...web(...entry.destinations.map(({ last, weight }) => server(last, weight))),
    port: entry.port,
    scheduler: entry.scheduler,
  })),
);

test('from any table to any other: every step is accepted, three passes suffice, then nothing is left to do', () => {
  fc.assert(
    fc.property(built, built, (before, after) => {
      const table = holding(...before);
      let drains = {};
      for (let pass = 0; pass < 3; pass += 1) {
        const plan = planIpvs(want(...after), table.read(), drains, pass);
        assert.deepEqual(table.apply(plan.steps), [], lines(plan.steps).join('\n'));
        drains = plan.drains;
      }
      assert.deepEqual(planIpvs(want(...after), table.read(), drains, 3), { steps: [], drains: {} });
      const shape = (list: readonly DesiredService[]) =>
        list
          .map(
            (entry) =>
              `${entry.port} ${entry.scheduler} ${entry.destinations.map((d) => `${d.address}=${d.weight}`).sort()}`,
          )
          .sort();
      assert.deepEqual(shape(table.read().services.map((entry) => ({ ...entry, failed: [] }))), shape(after));
    }),
    { numRuns: 300 },
  );
});

test('a service with a weighted server before and after has one after every single step', () => {
  fc.assert(
    fc.property(destinations, destinations, (before, after) => {
      const make = (list: typeof before) => web(...list.map(({ last, weight }) => server(last, weight)));
      fc.pre([before, after].every((list) => list.some((entry) => entry.weight > 0)));
      const table = holding(make(before));
      let drains = {};
      for (let pass = 0; pass < 3; pass += 1) {
        const plan = planIpvs(want(make(after)), table.read(), drains, pass);
        for (const step of plan.steps) {
          table.apply([step]);
          assert.ok(
            table.read().services[0]!.destinations.some((entry) => entry.weight > 0),
            describeStep(step),
          );
        }
        drains = plan.drains;
      }
    }),
    { numRuns: 300 },
  );
});
