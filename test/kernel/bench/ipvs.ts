/**
 * Prints what 10,000 destinations cost: `node test/kernel/bench/main.ts` boots a VM for it. Under emulation the figures are
 * some ten times those of the same processor without.
 */
import { openIpvs } from '../../../firmware/netlink/ipvs.ts';
import type { IpvsStep, Service } from '../../../src/model/ipvs.ts';
import { enterNamespace, sh } from '../netns.ts';

const DESTINATIONS = 10_000;

const service = (port: number): Service => ({
  protocol: 'tcp',
  address: '198.51.100.10',
  port,
  scheduler: 'rr',
  schedulerFlags: [],
  persistence: 0,
  onePacket: false,
});

const destination = (index: number) =>
  ({
    address: `192.0.2.${1 + (index % 250)}`,
    port: 1024 + Math.floor(index / 250),
    forwarding: 'masquerade',
    weight: 1,
    upper: 0,
    lower: 0,
  }) as const;

/** Destinations spread evenly over `services` services. */
const plan = (services: number): IpvsStep[] =>
  Array.from({ length: services }, (_, index) => service(1 + index)).flatMap((one): IpvsStep[] => [
    { op: 'add-service', service: one },
    ...Array.from(
      { length: DESTINATIONS / services },
      (_, index): IpvsStep => ({ op: 'add-destination', service: one, destination: destination(index) }),
    ),
  ]);

function timed<T>(what: string, each: number, act: () => T): T {
  const begin = performance.now();
  const result = act();
  const ms = performance.now() - begin;
  console.log(`${what}: ${ms.toFixed(1)} ms, ${((ms * 1000) / each).toFixed(2)} µs each`);
  return result;
}

enterNamespace();
const table = openIpvs();
for (const services of [1, 100, 1000]) {
  const steps = plan(services);
  const what = `${DESTINATIONS} destinations in ${services} services`;
  const failures = timed(`apply ${what}`, steps.length, () => table.apply(steps));
  if (failures.length > 0) throw new Error(`${failures.length} refused: ${failures[0]!.text}`);
  for (let run = 1; run <= 3; run += 1) timed(`read  ${what}, run ${run}`, DESTINATIONS, () => table.read());
  sh('ipvsadm -C');
}
table.close();
