import { peerOf } from '../../../../src/model/pair.ts';
import type { Drill } from '../drill.ts';
import { HOG, inBoth, inBox, none } from './inBox.ts';

/** What happens to a whole box. */

/**
 * A box that goes on where it stopped learns of the new owner by the next beat, in the rack within 50 ms, and its own answers
 * are as much as 20 ms apart; both floats added.
 */
const THAWED = 2 * (50 + 20);

/** All that is left for those who may not have the file system's reserve: neither process of ours may. */
const FILL = 'cd /var/lib/tandem && fallocate -l $(df --output=avail -B1 . | tail -1) full';

export const BOX: readonly Drill[] = [
  {
    name: 'frozen',
    fault: 'the active box stands still, and goes on where it stopped when the twin has taken over',
    inject: (rack, active) => rack.box(active).freeze(),
    undo: (rack, active) => rack.box(active).thaw(),
    bar: {
      outage: 1000,
      moves: true,
      twoOwners: THAWED,
      causes: ['peer-silent'],
      lost: none,
      why: 'as a power cut; thawed, the box believes for one beat that it owns the floats',
    },
  },
  {
    name: 'cpu-hog',
    fault: 'two endless loops run in each box',
    inject: (rack) => inBoth(rack, HOG.begin),
    undo: (rack) => inBoth(rack, HOG.end),
    bar: {
      outage: 500,
      moves: false,
      lost: none,
      why: 'the lane goes before every ordinary process, and the kernel forwards in its interrupts',
    },
  },
  {
    name: 'disk-full',
    fault: 'the disks of both boxes are full',
    inject: (rack) => inBoth(rack, FILL),
    undo: (rack) => inBoth(rack, 'rm /var/lib/tandem/full'),
    bar: { outage: 100, moves: false, lost: none, why: 'nothing that serves or beats waits for a disk' },
  },
  {
    name: 'clock-stepped',
    fault: 'the wall clock of the active box is set a day ahead, and back',
    inject: (rack, active) => inBox(rack, active, 'date -s @$(($(date +%s) + 86400))'),
    undo: (rack, active) => inBox(rack, active, 'date -s @$(($(date +%s) - 86400))'),
    bar: { outage: 100, moves: false, lost: none, why: 'every time that decides anything is monotonic' },
  },
  {
    name: 'power-cut',
    fault: 'the active box loses its power',
    inject: (rack, active) => rack.box(active).cut(),
    bar: {
      outage: 1000,
      median: 200,
      moves: true,
      causes: ['peer-silent'],
      lost: none,
      why: 'deadline 100 ms, the second proof runs inside it, then one netlink batch and an ARP burst; one run may meet a stall of the host',
    },
  },
  {
    name: 'standby-cut',
    fault: 'the standby loses its power, and gets it back',
    inject: (rack, active) => rack.box(peerOf(active)).cut(),
    undo: (rack, active) => rack.box(peerOf(active)).plug(),
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'peer-silent', subject: '' },
      lost: none,
      why: 'who serves goes on serving, and a box that comes back does not take the floats',
    },
  },
];
