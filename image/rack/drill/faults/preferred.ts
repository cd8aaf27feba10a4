import { applyToBoth, inForce } from '../document.ts';
import type { Drill } from '../drill.ts';
import { none } from './inBox.ts';

/** s of fitness before the preferred box gets the floats: with its start long enough for an emulated box to be warm. */
const PREFER_AFTER = 30;

/** A start, the wait, and more of both on a busy machine, ms. */
const RETURN_LIMIT = 240_000;

export const PREFERRED: readonly Drill[] = [
  {
    name: 'preferred',
    fault: 'the active box, which is preferred, loses its power, gets it back, and is given the floats again',
    changes: 'document',
    prepare: async (rack, active) => {
      const own = await inForce(rack, active);
      const failover = { preferred: active, prefer_after_s: PREFER_AFTER };
      await applyToBoth(rack, active, JSON.stringify({ ...own, failover }));
    },
    inject: (rack, active) => rack.box(active).cut(),
    undo: (rack, active) => rack.box(active).plug(),
    bar: {
      outage: 1000,
      moves: true,
      returns: true,
      within: RETURN_LIMIT,
      causes: ['hand-over'],
      released: 'preferred',
      lost: none,
      why: 'as power-cut; back again, the box has heard of every connection before it is handed the floats, as in hand-over',
    },
  },
];
