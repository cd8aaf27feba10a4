import type { AlarmCode, Cause, NodeId } from '../../../src/model/pair.ts';
import type { RackPort } from './rack-port.ts';
import type { Collected } from './traffic.ts';

/** What a run must show to be ok. Times in ms. */
export interface Bar {
  /** Longest outage of a run, also after the fault is undone. The prober may be blind no longer than this either. */
  readonly outage: number;
  /** Of all runs together, judged from three runs on. */
  readonly median?: number;
  /** From the first failed probe to the last. */
  readonly trouble?: number;
  /** Both floats go to the twin, or neither moves; `either`: one box has both at the end, whichever it is. */
  readonly moves: boolean | 'either';
  /** Once the fault is mended, the box that had the floats before it has them again. */
  readonly returns?: true;
  /** Longest wait until all is quiet where it should be, after the fault and after its mending, ms; 30 s where it is left out. */
  readonly within?: number;
  /** How long two boxes may answer for a float, certain time of both floats added, ms; 0 where it is left out. */
  readonly twoOwners?: number;
  /** The same in beats of the interval in force, for each float; the watcher's questions, 20 ms apart, come on top. */
  readonly twoOwnerBeats?: number;
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

/** Asked when the traffic has ended. Answers what is wrong, a sentence each. It may mend, start and wait. */
export type Check = (seen: Collected) => Promise<readonly string[]>;

/** What a drill tells its run beside the fault itself. */
export interface Told {
  /** From 1. */
  readonly run: number;
  /** A sentence that stands in the run's line, whatever the verdict. */
  note(text: string): void;
  /** What it says is wrong makes the run not ok. */
  check(check: Check): void;
}

export interface Drill {
  readonly name: string;
  readonly fault: string;
  /** The pair's document is another one during the run; the one before it comes back when the run has ended. */
  readonly changes?: 'document';
  /** Before the traffic begins. */
  readonly prepare?: (rack: RackPort, active: NodeId) => Promise<void>;
  readonly inject: (rack: RackPort, active: NodeId, told: Told) => Promise<void>;
  /** Mends the fault within the run; nothing may move or fail by it. Left out where `reset` mends it. */
  readonly undo?: (rack: RackPort, active: NodeId) => Promise<void>;
  /** After the run, whatever became of it: what `prepare` or the fault left in the boxes and `reset` does not mend. */
  readonly restore?: (rack: RackPort, active: NodeId) => Promise<void>;
  readonly bar: Bar;
}
