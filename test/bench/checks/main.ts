/** `npm run bench -- checks`: how long clients meet a dead server, and what checking many servers costs, beside keepalived. */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figureOf, machineWords, measureInVm } from '../inVm.ts';
import { linesOf, ratioOf, rowsOf } from '../report.ts';

const SHAPE = { services: 100, servers: 100 } as const;
const WINDOW_S = 20;

/** @returns true when every ratio is within its bar. */
export async function benchChecks(runs: number, json: boolean): Promise<boolean> {
  const deaths = rowsOf(await measureInVm(`test/bench/checks/death.ts ${runs}`, 120 + runs * 90));
  const load = rowsOf(
    await measureInVm(`test/bench/checks/load.ts ${SHAPE.services} ${SHAPE.servers} ${WINDOW_S}`, 900),
  );
  const ratios = [
    ratioOf(deaths, 'tandem, until the last error (ms)', 'keepalived, until the last error (ms)', 0.5),
    ratioOf(deaths, 'tandem, failed requests', 'keepalived, failed requests', 0.5),
    // The other way round than the others: as many checks as the incumbent does.
    ratioOf(load, 'keepalived, checks done of those due (%)', 'tandem, checks done of those due (%)', 1.02),
  ];
  const rows = [...deaths, ...load];
  const head = [
    `a real server dies: ${runs} ${runs === 1 ? 'run' : 'runs'}, alternating, TCP checks every second, a request every 10 ms at best`,
    `load: ${SHAPE.services * SHAPE.servers} servers, TCP checks every 5 s, ${WINDOW_S} s of each`,
    await machineWords(),
  ];
  if (json) console.log(JSON.stringify({ head, rows, ratios }, null, 2));
  else for (const line of linesOf(head, rows, ratios)) console.log(line);
  return ratios.every(({ met }) => met);
}

/** `--native`: the load alone, on this machine's own processor; keepalived's checkers need IPVS and so the machine of their own. */
export async function benchChecksNatively(json: boolean): Promise<void> {
  const count = SHAPE.services * SHAPE.servers;
  const program = join(import.meta.dirname, 'native.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, `${count}`, `${WINDOW_S}`]);
  const rows = rowsOf(stdout.split('\n').flatMap((line) => figureOf(line) ?? []));
  const all = cpus();
  const head = [
    `load: ${count} servers, TCP checks every 5 s, ${WINDOW_S} s each of servers that are there and of silent ones (3 s timeout)`,
    `machine: ${all.length} cores, ${all[0]?.model.trim() ?? 'unknown'}, without emulation; the checker alone: keepalived needs IPVS`,
  ];
  if (json) console.log(JSON.stringify({ head, rows }, null, 2));
  else for (const line of linesOf(head, rows, [])) console.log(line);
}
