/** `npm run bench -- forward`: what a request and a packet cost through the router, beside keepalived and plain forwarding. */
import { cpus } from 'node:os';
import { measureInVm } from '../inVm.ts';
import { linesOf, rowsOf } from '../report.ts';
import { gainLines, gainsOf, shareLines, shareOf } from './report.ts';

const DATAGRAMS = 20_000;
const SECONDS = 1;
const BASE_SECONDS = 240;
const SECONDS_PER_RUN = 240;

const machine = (): string =>
  `machine: ${cpus()[0]?.model.trim() ?? 'unknown'} under tcg, one emulated processor whose clock counts instructions, 1 a ns`;

const inTurns = (runs: number): string => `${runs} ${runs === 1 ? 'run' : 'runs'}, in turns`;

/** @returns true when Tandem is nowhere slower than keepalived. */
export async function benchForward(runs: number, json: boolean): Promise<boolean> {
  const command = `test/bench/forward/inside.ts ${runs} ${DATAGRAMS} ${SECONDS}`;
  const rows = rowsOf(await measureInVm(command, BASE_SECONDS + runs * SECONDS_PER_RUN, true));
  const shares = ['packets/s', 'requests/s'].flatMap((unit) => [
    ...['tandem', 'tandem, firewall'].flatMap((ours) => [
      shareOf(rows, `${ours}, ${unit}`, `keepalived, ${unit}`, ours === 'tandem' ? 1 : undefined),
      shareOf(rows, `${ours}, ${unit}`, `plain forwarding, ${unit}`),
    ]),
  ]);
  const head = [
    `datagrams of 60 bytes, ${DATAGRAMS} in each direction; requests with a connection each; ${inTurns(runs)}`,
    machine(),
  ];
  if (json) console.log(JSON.stringify({ head, rows, shares }, null, 2));
  else for (const line of [...linesOf(head, rows, []), ...shareLines(shares)]) console.log(line);
  return shares.every(({ met }) => met);
}

/** What each knob of the kernel's buys; nothing is wanted of it. */
export async function benchKnobs(runs: number, json: boolean): Promise<boolean> {
  const command = `test/bench/forward/knobs.ts ${runs} ${DATAGRAMS} ${SECONDS}`;
  const gains = gainsOf(rowsOf(await measureInVm(command, BASE_SECONDS + runs * SECONDS_PER_RUN, true)));
  const head = [`one knob off and on after the other, ${inTurns(runs)}; medians`, machine()];
  if (json) console.log(JSON.stringify({ head, gains }, null, 2));
  else for (const line of [...head, '', ...gainLines(gains)]) console.log(line);
  return true;
}
