/** Inside the test machine: one line of JSON for each figure of each size and run. */
import { readFileSync } from 'node:fs';
import type { ApplyResult } from '../../../src/model/control.ts';
import { ControllerBox } from '../../kernel/controllerBox.ts';
import { enterNamespace, sh } from '../../kernel/netns.ts';
import { isWhole, lookAtLast, moment } from './look.ts';
import { documentText, type Shape } from './table.ts';

const LIMIT_MS = 240_000;
/** Sweeps and garbage collection have come round by then. */
const SETTLE_MS = 5_000;

const [runs = 1, servers = 20, ...sizes] = process.argv.slice(2).map(Number);
const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));

const residentMegabytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;

async function measure(shape: Shape): Promise<void> {
  const size = shape.services * shape.servers;
  const look = lookAtLast(shape);
  const box = new ControllerBox(LIMIT_MS);
  try {
    await box.start();
    const text = documentText(shape, 10);
    const begin = performance.now();
    const answered = box.apply<ApplyResult>(text);
    say(`load (ms) ${size}`, (await moment('a load', LIMIT_MS, () => isWhole(shape, look))) - begin);
    const { refused } = await answered;
    if (refused.length > 0) throw new Error(`refused: ${refused[0]}`);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    say(`memory (MB) ${size}`, residentMegabytes(box.pid()));
  } finally {
    await box.remove();
  }
  sh('ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup');
}

enterNamespace();
sh('for nic in eth0 eth1; do ip link add $nic type dummy; ip link set $nic up; done');
for (let run = 0; run < runs; run += 1) {
  for (const size of sizes) await measure({ services: size / servers, servers });
}
