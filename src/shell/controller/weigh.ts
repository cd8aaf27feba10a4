import { factsLine, objections, unheard } from '../../core/replicate/index.ts';
import { TandemError } from '../../model/error.ts';
import { judge } from '../../model/judge.ts';
import { peerOf } from '../../model/pair.ts';
import { type TwinFacts, twinFactsSchema } from '../../model/twin.ts';
import type { TwinChannel } from '../../ports/twin.ts';

const FACTS_MS = 2_000;

/** What both boxes hold, a line each, and what speaks against the twin having the floats. */
export interface Weighed {
  readonly facts: string[];
  readonly against: string[];
  /** The twin's controller did not say: nothing is known to be lost, and nothing to be safe. */
  readonly unheard: boolean;
}

/** Asks the twin what it holds and compares it with this box's own. */
export async function weigh(channel: Pick<TwinChannel, 'ask'>, own: TwinFacts): Promise<Weighed> {
  const twin = peerOf(own.node);
  const deaf = (why: string): Weighed => ({ facts: [factsLine(own)], against: [unheard(twin, why)], unheard: true });
  try {
    const judged = judge(twinFactsSchema, await channel.ask({ what: 'facts' }, FACTS_MS));
    if (!judged.ok) return deaf('its answer is none');
    return { facts: [factsLine(own), factsLine(judged.data)], against: objections(own, judged.data), unheard: false };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    // A release that does not know the question: an upgrade must be able to move the floats.
    if (error.code === 'bad-request') {
      return { facts: [factsLine(own), `${twin}: an older release`], against: [], unheard: false };
    }
    return deaf(error.message);
  }
}
