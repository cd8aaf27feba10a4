import type { Transition } from '../../core/failover/types.ts';
import type { Alarm } from '../../model/pair.ts';
import type { LaneStatus } from '../../model/status.ts';
import type { Clock } from '../../ports/clock.ts';

/** Transitions kept for `tandem status`. */
const KEPT = 32;

/** What the lane remembers and logs for people. The alarms that stand are in the core's state. */
export interface Recorder {
  transition(transition: Transition): void;
  alarm(alarm: Alarm, raised: boolean): void;
  /** Newest first. */
  transitions(): LaneStatus['transitions'];
}

export function createRecorder(clock: Clock, log: (line: string) => void): Recorder {
  const transitions: LaneStatus['transitions'] = [];
  return {
    transition(transition) {
      transitions.unshift({ at: clock.wall(), ...transition, steps: { ...transition.steps } });
      transitions.length = Math.min(transitions.length, KEPT);
      const steps = Object.entries(transition.steps).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
      log(
        `${transition.from} -> ${transition.to}, term ${transition.term}, cause ${transition.cause}: ` +
          `${transition.evidence}${steps.length > 0 ? ` (${steps.join(', ')})` : ''}`,
      );
    },
    alarm(alarm, raised) {
      log(
        `alarm ${raised ? 'raised' : 'cleared'}: ${alarm.code}${alarm.subject ? ` ${alarm.subject}` : ''}: ${alarm.text}`,
      );
    },
    transitions: () => transitions,
  };
}
