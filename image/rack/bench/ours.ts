import { TandemError } from '../../../src/model/error.ts';
import { VERSION } from '../../../src/model/version.ts';
import { inBox, signal } from '../drill/faults/inBox.ts';
import { calm, waitForSync } from '../drill/run.ts';
import { rackDocument, seeds } from '../seed.ts';
import { OURS } from './names.ts';
import type { BenchRack, System } from './system.ts';

/** Of fitness before the preferred box gets the floats, s: longer than a hand-over is watched, short enough to wait for. */
const PREFER_AFTER_S = 20;

const RETURN_MS = 120_000;
const PAUSE_MS = 500;

async function ready(rack: BenchRack): Promise<void> {
  await rack.mend();
  await rack.settled();
  const limit = performance.now() + RETURN_MS;
  while ((await rack.box('a').status([]))?.lane?.role !== 'active') {
    if (performance.now() > limit) {
      throw new TandemError('refused', `box a is preferred and not active after ${RETURN_MS / 1000} s`, {
        remedy: 'look with `tandem timeline` in the boxes',
      });
    }
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  await rack.settled();
}

/**
 * The example document, as the rack runs it, with box a preferred.
 * @param deadline of the heartbeat, ms; undefined = the rack's own
 */
export const tandem = (deadline: number | undefined): System => ({
  name: OURS,
  disks: () => seeds(undefined, { failover: { preferred: 'a', prefer_after_s: PREFER_AFTER_S }, deadline }),
  ready,
  synced: (rack, standby, count) => waitForSync(rack, standby, count),
  calm,
  handOver: (rack, active) => rack.box(active).handOver(),
  kill: (rack, active) => inBox(rack, active, signal('KILL', 'tandem-pair')),
  // It comes by itself: the box has been fit all the time.
  comeBack: async () => {},
  describe: async () => {
    const { interval_ms, deadline_ms } = (await rackDocument(deadline)).heartbeat;
    return `${VERSION}, beats every ${interval_ms} ms, deadline ${deadline_ms} ms`;
  },
});
