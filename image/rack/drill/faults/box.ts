import { peerOf } from '../../../../src/model/pair.ts';
import { NODES } from '../../figure.ts';
import type { Drill } from '../drill.ts';
import { statuses } from '../statuses.ts';
import { HOG, inBoth, inBox, none } from './inBox.ts';

/** What happens to a whole box. */

/**
 * All that is left for those who may not have the file system's reserve: neither process of ours may. What is free counts the
 * file's own blocks for the map in, so that the last of them may be refused.
 */
const FILL =
  'cd /var/lib/tandem; fallocate -l $(df --output=avail -B1 . | tail -1) full; test $(df --output=avail -k . | tail -1) -lt 64';

const EMPTY = 'rm -f /var/lib/tandem/full';

export const BOX: readonly Drill[] = [
  {
    name: 'frozen',
    fault: 'the active box stands still, and goes on where it stopped when the twin has taken over',
    inject: (rack, active) => rack.box(active).freeze(),
    undo: (rack, active) => rack.box(active).thaw(),
    bar: {
      outage: 1000,
      moves: true,
      twoOwnerBeats: 1,
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
    undo: (rack) => inBoth(rack, EMPTY),
    restore: (rack) => inBoth(rack, EMPTY),
    bar: { outage: 100, moves: false, lost: none, why: 'nothing that serves or beats waits for a disk' },
  },
  {
    name: 'full-hand-over',
    fault: 'the disks of both boxes are full, and an operator has the floats handed over and back',
    async inject(rack, active) {
      await inBoth(rack, FILL);
      await statuses(rack, (both) => NODES.every((node) => both[node] !== undefined));
      await rack.box(active).handOver();
      await statuses(rack, (both) => both[peerOf(active)]?.lane?.role === 'active');
      // Its connections are younger than their sync: that is not asked about.
      await rack.box(peerOf(active)).handOver(true);
    },
    restore: (rack) => inBoth(rack, EMPTY),
    bar: {
      outage: 200,
      moves: false,
      lost: none,
      why: 'as two hand-overs: the term of the second is written on the full disk, over one that is past',
    },
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
      why: 'the deadline (150 ms under emulation), the second proof runs inside it, then one netlink batch and an ARP burst; one run may meet a stall of the host',
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
