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
  /** How long two boxes may answer for a float, certain time of both floats added, ms; 0 where it is left out. */
  readonly twoOwners?: number;
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
