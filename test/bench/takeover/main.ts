/**
 * `npm run bench -- takeover`: the pair lane as it is shipped, and keepalived's VRRP, on this machine's own processor in
 * namespaces: what an outage lasts where no box is emulated. What IPVS adds is not in it.
 */
import { needPackages } from '../../../image/host/packages.ts';
import { FAULTS } from '../../../image/rack/bench/faults.ts';
import { FAST_ADVERTS, fast, USUAL } from '../../../image/rack/bench/keepalived.ts';
import { OURS } from '../../../image/rack/bench/names.ts';
import { bench } from '../../../image/rack/bench/run.ts';
import { machine, NATIVE } from '../../../image/rack/machine.ts';
import { rackDocument } from '../../../image/rack/seed.ts';
import { TandemError } from '../../../src/model/error.ts';
import { documentFor, lanes } from './lanes.ts';
import { Spaces } from './spaces.ts';
import { vrrp } from './vrrp.ts';

/** The example document's. */
const USUAL_BEAT = { interval_ms: 20, deadline_ms: 100 } as const;
/** Four beats, as the rack's own deadlines are; a host has to wake its lane within 16 ms for it. */
const FAST_BEAT = { interval_ms: 10, deadline_ms: 40 } as const;
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
  if (process.getuid?.() !== 0) {
    throw new TandemError('refused', 'network namespaces and real-time priority need root', {
      remedy: 'run `sudo npm run bench -- takeover`',
    });
  }
  needPackages(['iproute2', 'nftables', 'util-linux', 'keepalived']);
  const document = documentFor(await rackDocument());
  const ours = [lanes(OURS, document, USUAL_BEAT), lanes(`${OURS}-fast`, document, FAST_BEAT)];
  const theirs = [
    vrrp('keepalived', document, USUAL),
    vrrp('keepalived-fast', document, fast(FAST_ADVERTS)),
    vrrp('keepalived-faster', document, fast(FASTER_ADVERTS)),
  ];
  const systems = [...ours, ...theirs];
  const spaces = await Spaces.create();
  try {
    return await bench(spaces, systems, {
      runs,
      json,
      faults: FAULTS.filter(({ name }) => faults?.includes(name) ?? true),
      load: { connections: CONNECTIONS, thin: 1 },
      machine: await machine(NATIVE),
      out: (line) => console.log(line),
      progress: (text) => process.stderr.write(`${text}\n`),
    });
  } finally {
    await spaces.close();
    for (const system of systems) await system.close();
  }
}
