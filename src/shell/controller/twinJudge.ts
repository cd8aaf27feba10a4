import type { NodeId } from '../../model/pair.ts';
import type { TwinFacts } from '../../model/twin.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { TwinChannel } from '../../ports/twin.ts';
import { weigh } from './weigh.ts';

/** Between two looks at whether this box owns, and between two questions to the twin while it does, ms. */
const LOOK_MS = 1_000;
export const JUDGE_MS = 5_000;
/** Between two lines of the journal about what the return waits for, ms. */
export const TELL_MS = 60_000;

export interface TwinJudgeParts {
  readonly clock: Clock;
  readonly channel: Pick<TwinChannel, 'ask'>;
  own(): TwinFacts;
  /** This box owns the floats. */
  owns(): boolean;
  /** The router that the document prefers; undefined = none. */
  preferred(): NodeId | undefined;
  log(text: string): void;
}

export interface TwinJudge {
  /** What clients would lose if the twin had the floats; null = nothing, undefined = this box does not own, or has not asked yet. */
  against(): string | null | undefined;
  readonly close: Close;
}

/**
 * While this box owns the floats, asks the twin what it holds and judges it as `tandem hand-over` does, so that the lane has
 * a word to go by when nobody can be asked at that moment: for the preferred twin, and for the front panel's button.
 */
export function createTwinJudge(parts: TwinJudgeParts): TwinJudge {
  const { clock, channel } = parts;
  let word: string | null | undefined;
  let asking = false;
  let askAt = Number.NEGATIVE_INFINITY;
  let timer: Cancel | undefined;
  let open = true;
  let told = '';
  let toldAt = Number.NEGATIVE_INFINITY;

  function tell(own: NodeId): void {
    const to = parts.preferred();
    if (to === undefined || to === own || word === undefined) return;
    // Connections and seconds differ at every look; the rest is the reason.
    const kind = word === null ? 'nothing' : word.replaceAll(/\d+/g, '');
    if (kind === told || (told === '' && word === null) || clock.now() - toldAt < TELL_MS) return;
    told = kind;
    toldAt = clock.now();
    parts.log(
      `the floats return to ${to} ${word === null ? 'once it has been fit for long enough' : `not yet: ${word}`}`,
    );
  }

  async function ask(): Promise<void> {
    asking = true;
    askAt = clock.now() + JUDGE_MS;
    try {
      const own = parts.own();
      const { against } = await weigh(channel, own);
      if (!parts.owns() || !open) return;
      word = against.length === 0 ? null : against.join('; ');
      tell(own.node);
    } catch (error) {
      word = undefined;
      parts.log(`the twin could not be judged: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      asking = false;
    }
  }

  function look(): void {
    if (!parts.owns()) {
      word = undefined;
      askAt = Number.NEGATIVE_INFINITY;
    } else if (!asking && clock.now() >= askAt) void ask();
    timer = clock.at(clock.now() + LOOK_MS, look);
  }
  timer = clock.at(clock.now() + LOOK_MS, look);

  return {
    against: () => word,
    close() {
      open = false;
      timer?.();
    },
  };
}
