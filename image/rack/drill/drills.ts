import type { AlarmCode, Cause, NodeId } from '../../../src/model/pair.ts';
import type { RackPort } from './rack-port.ts';

/** What a run must show to be ok. Times in ms. */
export interface Bar {
  /** Longest outage of a run, also after the fault is undone. The prober may be blind no longer than this either. */
  readonly outage: number;
  /** Of all runs together, judged from three runs on. */
  readonly median?: number;
  /** From the first failed probe to the last. */
  readonly trouble?: number;
  /** Both floats go to the twin, or neither moves. */
  readonly moves: boolean;
  /** What the new owner may record as the cause. */
  readonly causes?: readonly Cause[];
  /** What the old owner must have recorded when it let go. */
  readonly released?: Cause;
  /** Raised on at least one box while the fault lasts; `subject` is a part of the alarm's. */
  readonly alarm?: { readonly code: AlarmCode; readonly subject: string };
  /** Long-lived connections that may be lost, of `count`. */
  readonly lost: (count: number) => number;
  /** Where the figures come from. */
  readonly why: string;
}

export interface Drill {
  readonly name: string;
  readonly fault: string;
  readonly inject: (rack: RackPort, active: NodeId) => Promise<void>;
  /** Mends the fault within the run; nothing may move or fail by it. Left out where `reset` mends it. */
  readonly undo?: (rack: RackPort, active: NodeId) => Promise<void>;
  readonly bar: Bar;
}

/** Of systemd's units; a shell that kills by itself starts no program in a busy guest. */
const CGROUP = '/sys/fs/cgroup/system.slice';

const none = (): number => 0;

/** @throws with what the box said when the command failed there. */
async function inBox(rack: RackPort, box: NodeId, command: string): Promise<void> {
  const { code, stdout, stderr } = await rack.box(box).exec(command);
  if (code !== 0) throw new Error(`\`${command}\` on ${box} ended with ${code}: ${(stderr || stdout).trim()}`);
}

/** Two owners and a split are no part of the bar: they are never ok. */
export const DRILLS: readonly Drill[] = [
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
    name: 'pair-killed',
    fault: 'tandem-pair is killed with SIGKILL on the active box',
    inject: (rack, active) =>
      inBox(rack, active, `read pid < ${CGROUP}/tandem-pair.service/cgroup.procs && kill -KILL $pid`),
    bar: {
      outage: 1000,
      moves: true,
      causes: ['peer-silent', 'peer-unfit', 'no-owner'],
      lost: none,
      why: 'systemd drops the floats at once (ExecStopPost), then as in a power cut',
    },
  },
  {
    name: 'wan-down',
    fault: 'the public NIC of the active box loses its carrier',
    inject: (rack, active) => rack.box(active).nic('public', false),
    undo: (rack, active) => rack.box(active).nic('public', true),
    bar: {
      outage: 500,
      moves: true,
      causes: ['hand-over'],
      released: 'nic-down',
      lost: none,
      why: 'the owner sees its own carrier go and hands over both floats on its own word; no deadline is waited for',
    },
  },
  {
    name: 'lan-down',
    fault: 'the private NIC of the active box loses its carrier',
    inject: (rack, active) => rack.box(active).nic('private', false),
    undo: (rack, active) => rack.box(active).nic('private', true),
    bar: {
      outage: 500,
      moves: true,
      causes: ['hand-over'],
      released: 'nic-down',
      lost: none,
      why: 'as wan-down, with the serial line and the public NIC left to agree on it',
    },
  },
  {
    name: 'serial-pulled',
    fault: 'the null-modem cable is pulled; the NICs still carry heartbeats',
    inject: (rack) => rack.cable.pull(),
    undo: (rack) => rack.cable.plug(),
    bar: {
      outage: 100,
      moves: false,
      alarm: { code: 'link-silent', subject: 'serial' },
      lost: none,
      why: 'no packet of a client uses the cable; what is left is the noise of two emulated machines',
    },
  },
  {
    name: 'hand-over',
    fault: 'an operator asks the active box to hand over',
    inject: (rack, active) => rack.box(active).handOver(),
    bar: {
      outage: 200,
      median: 50,
      moves: true,
      causes: ['hand-over'],
      released: 'hand-over',
      lost: none,
      why: 'the twin has persisted its term before the floats are dropped: two batches and one frame between them',
    },
  },
  {
    name: 'button-hand-over',
    fault: 'the button of the active box is held for 3 s',
    inject: (rack, active) => rack.box(active).press(3000),
    bar: {
      outage: 200,
      median: 50,
      moves: true,
      causes: ['hand-over'],
      released: 'button',
      lost: none,
      why: 'as hand-over, asked for at the front panel',
    },
  },
  {
    name: 'server-killed',
    fault: 'real server 2 is killed',
    inject: (rack) => rack.server(2).kill(),
    undo: (rack) => rack.server(2).start(),
    bar: {
      outage: 100,
      trouble: 3000,
      moves: false,
      alarm: { code: 'server-down', subject: 's2' },
      lost: (count) => Math.ceil(count / 3),
      why: 'the other servers go on answering; the dead one fails two checks a second apart, the later within 500 ms, and 500 ms is for the rest. Its own connections die with it',
    },
  },
];

/** @throws naming the drills there are. */
export function drillNamed(name: string): Drill {
  const drill = DRILLS.find((one) => one.name === name);
  if (drill) return drill;
  throw new Error(`no drill is called "${name}"; there are ${DRILLS.map((one) => one.name).join(', ')}`);
}
