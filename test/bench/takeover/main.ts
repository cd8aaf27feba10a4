/**
 * `npm run bench -- takeover [--soak MINUTES]`: the pair lane as it is shipped, and keepalived's VRRP, on this machine's own processor in
 * namespaces: what an outage lasts where no box is emulated. What IPVS adds is not in it.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needPackages } from '../../../image/host/packages.ts';
import { FAULTS } from '../../../image/rack/bench/faults.ts';
import { FAST_ADVERTS, fast, USUAL } from '../../../image/rack/bench/keepalived.ts';
import { OURS } from '../../../image/rack/bench/names.ts';
import { bench } from '../../../image/rack/bench/run.ts';
import { machine, NATIVE } from '../../../image/rack/machine.ts';
import { checkout } from '../../../image/rack/place.ts';
import type { PairDocument } from '../../../src/model/document.ts';
import { TandemError } from '../../../src/model/error.ts';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { documentFor, lanes } from './lanes.ts';
import { soakLanes, soakTold } from './soak.ts';
import { Spaces } from './spaces.ts';
import { vrrp } from './vrrp.ts';

/** Below it the incumbent's floats flap on a busy machine, ms. */
const FASTER_ADVERTS = 50;
const CONNECTIONS = 100;

/**
 * @param faults names of those that are wanted; undefined = all
 * @returns true when every figure counts. @throws TandemError `refused` without root, and for a fault that there is not.
 */
export async function benchTakeover(runs: number, json: boolean, faults?: readonly string[]): Promise<boolean> {
  const unknown = faults?.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    const remedy = `give some of ${FAULTS.map(({ name }) => name).join(', ')}`;
    throw new TandemError('refused', `there is no fault "${unknown}"`, { remedy });
  }
  needRoot();
  needPackages(['iproute2', 'nftables', 'util-linux', 'keepalived']);
  const document = await benchDocument();
  const theirs = [
    vrrp('keepalived', document, USUAL),
    vrrp('keepalived-fast', document, fast(FAST_ADVERTS)),
    vrrp('keepalived-faster', document, fast(FASTER_ADVERTS)),
  ];
  return among([lanes(OURS, document), ...theirs], async (spaces, systems) =>
    bench(spaces, systems, {
      runs,
      json,
      faults: FAULTS.filter(({ name }) => faults?.includes(name) ?? true),
      load: { connections: CONNECTIONS, thin: 1 },
      machine: await machine(NATIVE),
      out: (line) => console.log(line),
      progress,
    }),
  );
}

/**
 * The lanes alone, with endless loops beside them.
 * @param minutes 1 to 1440
 * @returns true when nobody moved. @throws TandemError `refused` without root.
 */
export async function benchTakeoverSoak(minutes: number, json: boolean): Promise<boolean> {
  needRoot();
  needPackages(['iproute2', 'nftables', 'util-linux']);
  return among([lanes(OURS, await benchDocument())], async (spaces, [pair]) => {
    const beat = await pair!.describe(spaces);
    const result = await soakLanes(spaces, pair!, minutes, progress);
    if (json) console.log(JSON.stringify({ machine: await machine(NATIVE), beat, ...result }));
    else for (const line of [beat, ...soakTold(result)]) console.log(line);
    return result.ok;
  });
}

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

function needRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new TandemError('refused', 'network namespaces and real-time priority need root', {
    remedy: 'run `sudo npm run bench -- takeover`',
  });
}

/** With the example's own beat, which a rack whose boxes are emulated has not. */
async function benchDocument(): Promise<PairDocument> {
  const own = parseDocument(await readFile(join(checkout, 'docs/example.yaml'), 'utf8'));
  if (!own.ok) throw new TandemError('internal', 'docs/example.yaml is no document');
  return documentFor(own.document);
}

async function among<S extends { close(): Promise<void> }>(
  systems: readonly S[],
  measure: (spaces: Spaces, systems: readonly S[]) => Promise<boolean>,
): Promise<boolean> {
  const spaces = await Spaces.create();
  try {
    return await measure(spaces, systems);
  } finally {
    await spaces.close();
    for (const system of systems) await system.close();
  }
}
