/** `npm run bench -- apply`: what loading, changing and reading back a large table costs, beside keepalived and ipvsadm(8). */
import { machineWords, measureInVm } from '../inVm.ts';
import { linesOf, ratioOf, rowsOf } from '../report.ts';

const SHAPE = { services: 100, servers: 100 } as const;
const SECONDS_PER_RUN = 240;

/** @returns true when every ratio is within its bar. */
export async function benchApply(runs: number, json: boolean): Promise<boolean> {
  const command = `test/bench/apply/inside.ts ${runs} ${SHAPE.services} ${SHAPE.servers}`;
  const rows = rowsOf(await measureInVm(command, 120 + runs * SECONDS_PER_RUN));
  const ratios = [
    ratioOf(rows, 'tandem load (ms)', 'keepalived start (ms)', 0.5),
    ratioOf(rows, 'tandem set weight, from the accepted request (ms)', 'keepalived reload (ms)', 0.05),
    ratioOf(rows, 'tandem set weight (ms)', 'keepalived reload (ms)', 0.05),
    ratioOf(rows, 'tandem changed weight (ms)', 'keepalived reload (ms)', 0.05),
    ratioOf(rows, 'tandem read back (ms)', 'ipvsadm -Ln (ms)', 1),
  ];
  const head = [
    `${SHAPE.services} services × ${SHAPE.servers} servers, ${runs} ${runs === 1 ? 'run' : 'runs'}, alternating; from the request to the kernel`,
    await machineWords(),
  ];
  if (json) console.log(JSON.stringify({ head, rows, ratios }, null, 2));
  else for (const line of linesOf(head, rows, ratios)) console.log(line);
  return ratios.every(({ met }) => met);
}
