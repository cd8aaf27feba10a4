import { worstFirst } from '../../model/alarmRank.ts';
import { type Answer, MAX_AGAINST, MAX_ALARM, MAX_ALARMS, type ReadyResult } from '../../model/control.ts';
import type { Alarm } from '../../model/pair.ts';
import type { LaneStatus } from '../../model/status.ts';
import { laneStatusSchema } from '../../model/status.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { ControllerPorts } from './ports.ts';

/** Between two reports to the lane; silence tells it that this process is dead or hung. */
export const READY_MS = 1000;
const ANSWER_MS = 500;

export interface LaneKeeper {
  /** Reports at once, beside the steady rhythm. */
  report(): void;
  /** The lane has said that this box owns the floats, in its last answer to a report. */
  owns(): boolean;
  /** null when the lane does not answer. */
  status(): Promise<LaneStatus | null>;
  /** Whether the lane took up the lane file. */
  reload(): Promise<boolean>;
  readonly close: Close;
}

/** As many as the lane takes: thousands of servers that are down must not keep the panel from showing what comes on top of it. */
const names = (alarms: readonly Alarm[]): string[] =>
  worstFirst(alarms)
    .slice(0, MAX_ALARMS)
    .map(({ code, subject }) => `${code} ${subject}`.slice(0, MAX_ALARM));

/**
 * Tells the pair lane every second whether this box could serve and what is wrong with it, and asks it what the rest of the
 * box wants to know.
 * @param against what clients would lose if the twin had the floats; null = nothing, undefined = nobody has judged
 * @param found called whenever a lane answers that did not answer before: it may be another one
 * @param twinHeard called with each answer of the lane that says whether the twin beats
 */
export function createLaneKeeper(
  ports: Pick<ControllerPorts, 'askLane' | 'log'>,
  clock: Clock,
  isReady: () => boolean,
  alarms: () => readonly Alarm[],
  against: () => string | null | undefined,
  found: () => void,
  twinHeard: (heard: boolean) => void,
): LaneKeeper {
  let timer: Cancel | undefined;
  let asking = false;
  let heard: boolean | undefined;
  let owns = false;
  let open = true;

  function note(now: boolean): void {
    if (now === heard) return;
    heard = now;
    ports.log(now ? 'the pair lane answers' : 'the pair lane does not answer');
    if (now) found();
  }

  function report(): void {
    if (asking || !open) return;
    asking = true;
    const ended = (answer?: Answer): void => {
      asking = false;
      // A lane without a document, or of a release that does not say its role, owns nothing.
      const said = answer?.ok === true ? (answer.result as Partial<ReadyResult> | null) : undefined;
      owns = said?.role === 'active';
      if (said?.twinHeard !== undefined) twinHeard(said.twinHeard);
      note(answer !== undefined);
    };
    const judged = against();
    const word = judged === undefined ? {} : { against: judged?.slice(0, MAX_AGAINST) ?? null };
    ports
      .askLane({ do: 'ready', ready: isReady(), alarms: names(alarms()), ...word }, ANSWER_MS)
      .then(ended, () => ended());
  }

  function beat(): void {
    report();
    timer = clock.at(clock.now() + READY_MS, beat);
  }
  beat();

  return {
    report,
    owns: () => owns,
    async status() {
      try {
        const answer = await ports.askLane({ do: 'status' }, ANSWER_MS);
        const parsed = answer.ok ? laneStatusSchema.safeParse(answer.result) : undefined;
        return parsed?.success === true ? parsed.data : null;
      } catch {
        return null;
      }
    },
    async reload() {
      try {
        return (await ports.askLane({ do: 'reload' }, ANSWER_MS)).ok;
      } catch {
        return false;
      }
    },
    close() {
      open = false;
      timer?.();
    },
  };
}
