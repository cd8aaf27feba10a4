import type { NodeId } from '../../../../src/model/pair.ts';
import { crowded, DESTINATIONS } from '../../soak/document.ts';
import { agreed, held, inForce, oneRevision, type Plain } from '../document.ts';
import type { Drill, Told } from '../drill.ts';
import type { RackPort } from '../rack-port.ts';
import { none } from './inBox.ts';

/** What happens while a document is taken in. */

/** Longest wait for the first write of a revision, ms. */
const WRITE_LIMIT = 30_000;
const APPLY_LIMIT = 120_000;
/** How long after a box's first write it loses its power, ms, run by run: before, in and after the rest of the commit. */
const AFTER_WRITE = [0, 5, 20, 60, 200] as const;
/** How long after the request, ms: the 10,000 are on their way into the kernel. */
const INTO_LOAD = 3000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Cuts the active box while it takes the document, and asks both boxes afterwards what they hold.
 * @param when called as soon as the request is on its way; resolves at the moment to cut, with words for it.
 */
async function cutWhile(
  rack: RackPort,
  active: NodeId,
  told: Told,
  text: string,
  when: () => Promise<string>,
): Promise<void> {
  const old = await held(rack);
  let answered = false;
  rack.apply(active, text, APPLY_LIMIT).then(
    () => {
      answered = true;
    },
    () => {},
  );
  const moment = await when();
  await rack.box(active).cut();
  const known = answered;
  told.note(`cut ${moment}, the new revision ${known ? 'was answered' : 'was not answered'}`);
  told.check(async () => {
    await rack.reset();
    const ms = await agreed(rack);
    told.note(
      ms === undefined
        ? 'no one document in force'
        : `one document in force ${Math.round(ms)} ms after both were whole`,
    );
    const found = await held(rack);
    told.note(`a holds ${found.a.text === text ? 'the new' : 'the old'} revision, ${found.a.revision}`);
    return oneRevision(old, found, text, known);
  });
}

/** One more service, which nobody uses: what is asked for is a revision. */
function oneMore(own: Plain, run: number): string {
  const [first] = own.services;
  const added = { ...first, name: 'commit', port: 9000 + (run % 1000) };
  return JSON.stringify({ ...own, services: [...own.services, added] });
}

const POWER_CUT = {
  outage: 1000,
  moves: true,
  causes: ['peer-silent'],
  lost: none,
} as const;

export const COMMIT: readonly Drill[] = [
  {
    name: 'commit-cut',
    fault: 'the active box loses its power while it writes a revision of the document',
    changes: 'document',
    inject: async (rack, active, told) => {
      const text = oneMore(await inForce(rack, active), told.run);
      const after = AFTER_WRITE[(told.run - 1) % AFTER_WRITE.length]!;
      await cutWhile(rack, active, told, text, async () => {
        await rack.box(active).written(WRITE_LIMIT);
        await pause(after);
        return `${after} ms after the first write`;
      });
    },
    bar: {
      ...POWER_CUT,
      why: 'as power-cut; a revision is whole on a disk or not there, and of two the higher one comes into force on both',
    },
  },
  {
    name: 'crowded-cut',
    fault: `the active box loses its power while both take in ${DESTINATIONS} destinations`,
    changes: 'document',
    inject: async (rack, active, told) => {
      const text = crowded(await inForce(rack, active), told.run);
      await cutWhile(rack, active, told, text, async () => {
        await pause(INTO_LOAD);
        return `${INTO_LOAD / 1000} s after the request`;
      });
    },
    bar: {
      ...POWER_CUT,
      why: 'as power-cut: neither the beats nor the taking wait for the controller that loads the table',
    },
  },
];
