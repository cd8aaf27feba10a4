import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sh } from '../../kernel/netns.ts';

/** A second is USER_HZ of these in /proc/PID/stat (proc(5)). */
const TICK_MS = 10;

export const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));

export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Every address of 10.9.0.0/16 is this namespace's own, and one process accepts what comes for any of them. */
export async function listenEverywhere(): Promise<ChildProcess> {
  sh('ip route add local 10.9.0.0/16 dev lo; sysctl -qw net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'listener.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** A counter of this namespace's TCP (SNMP), e.g. `ActiveOpens`, `PassiveOpens`. */
export function tcpCounter(name: string): number {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'));
  return Number(values.split(' ')[names.split(' ').indexOf(name)]);
}

/** User and system time of some processes, ms. */
const processorMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ').map(Number);
    return sum + (fields[11]! + fields[12]!) * TICK_MS;
  }, 0);

/**
 * A window in the steady state: share of a processor, and checks done of those due.
 * @param counter of the kernel's that a check raises by one
 * @param perSecond checks that are due
 */
export async function measure(
  name: string,
  pids: readonly number[],
  counter: string,
  perSecond: number,
  seconds: number,
): Promise<void> {
  const [begun, worked, opened] = [performance.now(), processorMs(pids), tcpCounter(counter)];
  await wait(seconds * 1000);
  const passed = performance.now() - begun;
  say(`${name}, processor (%)`, (100 * (processorMs(pids) - worked)) / passed);
  say(`${name}, checks done of those due (%)`, (100 * (tcpCounter(counter) - opened)) / ((perSecond * passed) / 1000));
}
