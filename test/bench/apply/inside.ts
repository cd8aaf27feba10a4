/** Inside the test machine: one line of JSON for each figure of each run, then none. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIpvs } from '../../../firmware/netlink/ipvs.ts';
import { compileLane } from '../../../src/core/document/compileLane.ts';
import { desiredState, planIpvs } from '../../../src/core/reconcile/index.ts';
import type { ApplyResult, SetResult } from '../../../src/model/control.ts';
import { parseDocument, parseNodeFile } from '../../../src/model/parseDocument.ts';
import { ControllerBox } from '../../kernel/controllerBox.ts';
import { enterNamespace, sh } from '../../kernel/netns.ts';
import { Keepalived } from '../keepalived.ts';
import { isWhole, lookAtLast, moment } from './look.ts';
import { documentText, rules, type Shape } from './table.ts';

const LIMIT_MS = 120_000;
/** Looks before the one that counts: a controller that runs has made one each second. */
const WARM_LOOKS = 3;

/** `tandem set` of one run. */
const SETS = 7;

const [runs = 3, services = 100, servers = 100] = process.argv.slice(2).map(Number);
const shape: Shape = { services, servers };
const count = services * servers;
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));

const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));
enterNamespace();
const look = lookAtLast(shape);

/** Every service and server, once a look at the last service says so. */
function mustBeWhole(who: string): void {
  const found = sh("ipvsadm -Ln | grep -c '^  ->.*Masq'").trim();
  if (Number(found) !== count) throw new Error(`${who} has loaded ${found} of ${count} servers`);
}

function parsed(weight: number) {
  const read = parseDocument(documentText(shape, weight));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.document;
}

async function keepalived(): Promise<void> {
  const rival = new Keepalived(folder);
  rival.write(parsed(10));
  let begin = performance.now();
  rival.start();
  say('keepalived start (ms)', (await moment('keepalived', LIMIT_MS, () => isWhole(shape, look))) - begin);
  mustBeWhole('keepalived');
  rival.write(parsed(20));
  begin = performance.now();
  rival.reload();
  say('keepalived reload (ms)', (await moment('its reload', LIMIT_MS, () => look().weight === 20)) - begin);
  await rival.stop();
}

function ipvsadm(): void {
  const path = join(folder, 'rules');
  writeFileSync(path, rules(shape));
  let begin = performance.now();
  sh(`ipvsadm -R <${path}`);
  say('ipvsadm -R (ms)', performance.now() - begin);
  mustBeWhole('ipvsadm -R');
  begin = performance.now();
  execFileSync('ipvsadm', ['-Ln'], { stdio: ['ignore', 'ignore', 'inherit'] });
  say('ipvsadm -Ln (ms)', performance.now() - begin);
  sh('ipvsadm -C');
}

/** What a sweep of the running controller does with the IPVS table. */
function readBack(): void {
  const node = parseNodeFile('name: a\npublic: { device: eth0 }\nprivate: { device: eth1 }\n');
  if (!node.ok) throw new Error(JSON.stringify(node.faults));
  const document = parsed(20);
  const desired = desiredState(document, compileLane(document, node.document, ''), () => true);
  const table = openIpvs();
  try {
    for (let n = 0; n <= WARM_LOOKS; n += 1) {
      const begin = performance.now();
      const { steps } = planIpvs(desired, table.read(), {}, begin);
      if (steps.length > 0)
        throw new Error(`${steps.length} steps on a table that is right: ${JSON.stringify(steps[0])}`);
      if (n === WARM_LOOKS) say('tandem read back (ms)', performance.now() - begin);
    }
  } finally {
    table.close();
  }
}

async function tandem(): Promise<void> {
  const box = new ControllerBox(LIMIT_MS);
  const weigh = async (weight: number): Promise<number> => {
    const text = documentText(shape, weight);
    const begin = performance.now();
    const answered = box.apply<ApplyResult>(text);
    const at = await moment('a changed weight', LIMIT_MS, () => look().weight === weight);
    const { steps } = await answered;
    if (steps.length !== 1) throw new Error(`${steps.length} steps for one weight: ${steps.slice(0, 3).join('; ')}`);
    return at - begin;
  };
  const set = async (value: number): Promise<number> => {
    // At another point between two sweeps each time.
    await new Promise((done) => setTimeout(done, 500 + 137 * (value % 7)));
    const patch = { service: `web${services - 1}`, server: `s${servers - 1}`, field: 'weight', value } as const;
    const begin = performance.now();
    const answered = box.ask<SetResult>({ do: 'set', ...patch, author: 'bench' });
    // The answer comes after the kernel has it, so the earlier of the two is never too early.
    const at = await Promise.race([
      answered.then(() => performance.now()),
      moment('a weight that was set', LIMIT_MS, () => look().weight === value),
    ]);
    const { steps, kernelMs } = await answered;
    if (look().weight !== value) throw new Error(`${value} was answered, and the kernel has ${look().weight}`);
    if (steps.length !== 1) throw new Error(`${steps.length} steps for one weight: ${steps.slice(0, 3).join('; ')}`);
    if (kernelMs === undefined) throw new Error(`${value} was answered without a word of the kernel’s`);
    say('tandem set weight, from the accepted request (ms)', kernelMs);
    return at - begin;
  };
  try {
    await box.start();
    const text = documentText(shape, 10);
    const begin = performance.now();
    const answered = box.apply<ApplyResult>(text);
    say('tandem load (ms)', (await moment('a load', LIMIT_MS, () => isWhole(shape, look))) - begin);
    const { refused } = await answered;
    say('tandem load, answered (ms)', performance.now() - begin);
    if (refused.length > 0) throw new Error(`refused: ${refused[0]}`);
    mustBeWhole('tandem');
    say('tandem first changed weight (ms)', await weigh(15));
    say('tandem changed weight (ms)', await weigh(20));
    say('tandem set weight, the first (ms)', await set(31));
    for (let n = 0; n < SETS; n += 1) say('tandem set weight (ms)', await set(40 + n));
    await weigh(20);
    const same = performance.now();
    const { steps, changed } = await box.apply<ApplyResult>(documentText(shape, 20));
    say('tandem same document (ms)', performance.now() - same);
    if (steps.length > 0 || changed) throw new Error(`the same document made ${steps.length} steps`);
  } finally {
    await box.remove();
  }
  readBack();
  sh('ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup');
}

sh('for nic in eth0 eth1; do ip link add $nic type dummy; ip link set $nic up; done');
try {
  for (let run = 0; run < runs; run += 1) {
    await keepalived();
    ipvsadm();
    await tandem();
  }
} finally {
  rmSync(folder, { recursive: true });
}
