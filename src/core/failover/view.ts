import { saysHeld } from '../../codec/beat.ts';
import type { Alarm, Hold, Role, Side } from '../../model/pair.ts';
import type { Restored } from '../../model/timeline.ts';
import { readyToServe } from './fitness.ts';
import { returnOf } from './handOver.ts';
import { restoredOf } from './neighbours.ts';
import type { Returning } from './preference.ts';
import { peerHeard } from './silence.ts';
import type { FailoverState } from './state.ts';

/** What a person is shown of the core. */
export interface FailoverView {
  readonly role: Role;
  readonly term: number;
  readonly peer: {
    readonly heard: boolean;
    readonly role: Role;
    readonly term: number;
    readonly ready: boolean;
    /** By an operator, as its last beat says. */
    readonly held: boolean;
    /** Highest version of a beat that it speaks; 1 for a twin never heard. */
    readonly speaks: number;
    /** Carrier of its NICs, as its last beat says; undefined for a twin never heard. */
    readonly nics?: Readonly<Record<Side, boolean>>;
  };
  readonly nics: Readonly<Record<Side, boolean>>;
  readonly ready: boolean;
  /** Of the owner that has neighbours to ask. */
  readonly restored: Restored | undefined;
  /** Of the owner whose twin is the preferred one. */
  readonly returns: Returning | undefined;
  readonly hold: Hold | undefined;
  readonly alarms: readonly Alarm[];
}

/** A twin never heard shows as idle under term 0. */
export function viewOf(state: FailoverState, now: number): FailoverView {
  const { beat } = state.peer;
  return {
    role: state.role,
    term: state.own?.term ?? state.take?.term ?? state.term,
    peer: {
      heard: peerHeard(state, now),
      role: beat?.role ?? 'idle',
      term: beat?.term ?? 0,
      ready: beat?.ready ?? false,
      held: beat !== undefined && saysHeld(beat),
      speaks: beat?.speaks ?? 1,
      ...(beat === undefined ? {} : { nics: { public: beat.publicUp, private: beat.privateUp } }),
    },
    nics: state.nics,
    ready: readyToServe(state, now),
    restored: state.own?.asking && restoredOf(state.own.asking),
    returns: returnOf(state, now),
    hold: state.hold,
    alarms: state.alarms,
  };
}
