import { handOverRefusal, type Refusal } from '../../core/failover/index.ts';
import type { HandOverPlan } from '../../model/control.ts';
import { peerOf } from '../../model/pair.ts';
import { addressesOf, INWARD_FIRST } from './floats.ts';
import type { LaneRunner } from './lane.ts';

/** What a hand-over asked for at `now` (monotonic ms) would do, in sentences. */
export function handOverPlan(runner: LaneRunner, now: number): HandOverPlan {
  const state = runner.state();
  const refusal = handOverRefusal(state, now);
  if (refusal !== undefined) return { refusal: sentence(refusal), steps: [] };
  const { self } = state.config;
  const twin = peerOf(self);
  const { floats } = runner.lane();
  const both = INWARD_FIRST.map((side) => `${addressesOf(floats[side]).join(', ')} (${floats[side].label})`).join(
    ' and ',
  );
  const term = (state.own?.term ?? state.term) + 1;
  return {
    refusal: null,
    steps: [
      `${twin} prepares term ${term} or higher; if it has not within ${state.config.handOverTimeout} ms, nothing changes`,
      `${self} drops ${both} and says so to ${twin}`,
      `${twin} installs both and announces them`,
      `established connections go on through ${twin}; requests that are being opened at that moment may be lost`,
    ],
  };
}

const sentence = ({ text, remedy }: Refusal): string => (remedy === undefined ? text : `${text}; remedy: ${remedy}`);
