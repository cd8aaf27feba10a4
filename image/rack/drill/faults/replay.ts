import type { NodeId } from '../../../../src/model/pair.ts';
import type { Status } from '../../../../src/model/status.ts';
import { NODES } from '../../figure.ts';
import type { Drill } from '../drill.ts';
import type { RackPort } from '../rack-port.ts';
import { statuses } from '../statuses.ts';
import { none } from './inBox.ts';

/** Of the null-modem cable, ms. */
const RECORDED = 5000;
/** Of the frames played back, those that must be counted: a UART of an emulated box overruns now and then. */
const COUNTED = 0.8;

const refused = (status: Status | undefined): number | undefined =>
  status?.lane?.links.find(({ link }) => link === 'serial')?.refused.replayed;

async function replayed(rack: RackPort): Promise<Readonly<Record<NodeId, number>>> {
  const both = await statuses(rack, ({ a, b }) => Boolean(a?.lane && b?.lane));
  const of = (node: NodeId): number => {
    if (both[node]?.lane) return refused(both[node]) ?? 0;
    throw new Error(`${node} does not say what it refused`);
  };
  return { a: of('a'), b: of('b') };
}

export const REPLAY: readonly Drill[] = [
  {
    name: 'replayed',
    fault: `${RECORDED / 1000} s of what both boxes say on the null-modem cable are recorded and said again`,
    inject: async (rack, _, told) => {
      const before = await replayed(rack);
      const frames = await rack.cable.record(RECORDED);
      await rack.cable.play();
      told.check(async () => {
        const after = await replayed(rack);
        // What a box says again is for its twin to refuse.
        const rows = NODES.map((node) => ({
          node,
          said: frames[node === 'a' ? 'b' : 'a'],
          counted: after[node] - before[node],
        }));
        told.note(rows.map(({ node, said, counted }) => `${node} refused ${counted} of ${said} frames`).join(', '));
        return rows
          .filter(({ said, counted }) => said === 0 || counted < COUNTED * said)
          .map(
            ({ node, said, counted }) => `${node} counts ${counted} replayed frames, ${said} were played back to it`,
          );
      });
    },
    bar: {
      outage: 100,
      moves: false,
      lost: none,
      why: 'each beat’s number is accepted once; what a recording says is counted and changes nothing',
    },
  },
];
