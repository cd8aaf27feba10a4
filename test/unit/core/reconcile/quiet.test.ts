import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { step } from '../../../../src/core/reconcile/index.ts';
import type { IpvsStep } from '../../../../src/model/ipvs.ts';
import { type Bench, settled } from './bench.ts';

const web = { protocol: 'tcp', address: '198.51.100.10', port: 80 } as const;
const s1 = { address: '192.0.2.11', port: 8080 } as const;
const plain = { ...s1, forwarding: 'masquerade', upper: 0, lower: 0 } as const;

/** What another tool may do between two looks. */
const tampers: Readonly<Record<string, (bench: Bench) => void>> = {
  nothing() {},
  weight: (bench) => ipvs(bench, { op: 'edit-destination', service: web, destination: { ...plain, weight: 7 } }),
  'a server gone': (bench) => ipvs(bench, { op: 'delete-destination', service: web, destination: s1 }),
  'a service gone': (bench) => ipvs(bench, { op: 'delete-service', service: web }),
  'a service more': (bench) =>
    ipvs(bench, {
      op: 'add-service',
      service: { ...web, port: 81, scheduler: 'rr', schedulerFlags: [], persistence: 0, onePacket: false },
    }),
  sysctl: (bench) => bench.kernel.sysctls.set('net.ipv4.ip_forward', '0'),
  address: (bench) =>
    bench.kernel.network.changeAddresses(
      bench.kernel.network.addresses().map((address) => ({ op: 'delete', address })),
    ),
  'a float that lives on': (bench) =>
    bench.kernel.network.changeAddresses([
      {
        op: 'set',
        address: { device: 'eth0', address: '198.51.100.10', prefix: 24, label: 'eth0:1', validSeconds: 2 },
      },
    ]),
  hold: (bench) => bench.post({ type: 'hold', held: true }),
  resume: (bench) => bench.post({ type: 'hold', held: false }),
};

const ipvs = (bench: Bench, ...steps: IpvsStep[]): void => void bench.kernel.ipvs.apply(steps);

/** A core that never takes the short way. */
class Thorough {
  readonly bench = settled();
  constructor() {
    const post = this.bench.post.bind(this.bench);
    this.bench.post = (event) => {
      this.bench.state = { ...this.bench.state, quiet: undefined };
      post(event);
    };
  }
}

test('a look that says nothing new leads to what a thorough one leads to', () => {
  const names = fc.constantFrom(...Object.keys(tampers));
  fc.assert(
    fc.property(fc.array(names, { maxLength: 12 }), (did) => {
      const [short, { bench: long }] = [settled(), new Thorough()];
      for (const bench of [short, long]) {
        for (const name of did) {
          tampers[name]!(bench);
          bench.wake();
        }
      }
      assert.deepEqual(short.effects, long.effects);
      assert.deepEqual({ ...short.state, quiet: undefined }, { ...long.state, quiet: undefined });
    }),
    { numRuns: 60 },
  );
});

test('a kernel that holds what it should is neither judged nor planned again', () => {
  const bench = settled();
  bench.wake();
  const before = bench.state;
  bench.wake();
  assert.equal(bench.state.facts, before.facts, 'the same facts, not equal ones');
  const counted = { ...before.quiet!.observation.ipvs };
  const ipvsNow = {
    ...counted,
    services: counted.services.map((service) => ({
      ...service,
      destinations: service.destinations.map((one) => ({ ...one, active: one.active + 1 })),
    })),
  };
  const reading = step(before, { type: 'tick' }, before.nextAt).state;
  const event = { type: 'observed', observation: { ...before.quiet!.observation, ipvs: ipvsNow } } as const;
  assert.equal(step(reading, event, before.nextAt).state.facts, before.facts, 'counters are no change');
});
