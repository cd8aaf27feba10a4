/**
 * On this machine's own processor, as root: what checking many servers costs Tandem's checker alone, in a namespace of its
 * own. First servers that are all there, then servers that all answer nothing.
 */
import { systemClock } from '../../../firmware/clock.ts';
import { createProber } from '../../../firmware/health/prober.ts';
import type { CheckSpec } from '../../../src/core/health/index.ts';
import { createChecks } from '../../../src/shell/controller/checks.ts';
import { enterNamespace, sh } from '../../kernel/netns.ts';
import { addressOf } from '../apply/table.ts';
import { listenEverywhere, measure, say, wait } from './measure.ts';

const [count = 10_000, seconds = 20] = process.argv.slice(2).map(Number);
const INTERVAL_MS = 5_000;
const SOURCE = '10.9.255.2';

const specOf = (address: string): CheckSpec => ({
  id: `tcp ${address}:8080`,
  question: { type: 'tcp' },
  address,
  port: 8080,
  interval: INTERVAL_MS,
  timeout: 3_000,
  rise: 2,
  fall: 2,
  retry: 1_250,
});

enterNamespace();
const listener = await listenEverywhere();
// Without ARP everything for 10.10.0.0/16 goes to the other end, where nobody is.
sh(`
  ip link add eth1 type veth peer name wire; ip link set eth1 up arp off; ip link set wire up
  ip addr add ${SOURCE}/32 dev lo; ip route add 10.10.0.0/16 dev eth1
`);
const prober = createProber({ icmpId: 1, scripts: '/nowhere' });

/** @param counter of the kernel's that each question raises */
async function run(name: string, addresses: readonly string[], counter: string, answered: boolean): Promise<void> {
  const specs = addresses.map(specOf);
  const checks = createChecks(prober, systemClock, { verdict() {}, news() {}, sourceFor: () => SOURCE });
  checks.replace(specs, {});
  await wait(3 * INTERVAL_MS);
  await measure(name, [process.pid], counter, (1000 * count) / INTERVAL_MS, seconds);
  say(`${name}, lateness p99 (ms)`, checks.lateP99() ?? Number.NaN);
  say(`${name}, verdicts that are not so`, specs.filter(({ id }) => checks.isUp(id) !== answered).length);
  checks.close();
}

const there = Array.from({ length: count }, (_, index) => addressOf(index));
await run('servers that are there', there, 'PassiveOpens', true);
await run(
  'silent servers',
  there.map((address) => address.replace('10.9.', '10.10.')),
  'ActiveOpens',
  false,
);
prober.close();
listener.kill('SIGKILL');
process.exit(0);
