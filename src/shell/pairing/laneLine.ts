import type { Answer, LaneRequest, PairingResult } from '../../model/control.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { PairingLine } from '../../ports/pairing.ts';
import { resultOf } from '../lineClient.ts';

/** Between two questions to the lane, ms: rare enough for its beats, often enough for a document. */
const ASK_MS = 150;
const ANSWER_MS = 2_000;
/** Frames that wait to be sent; what does not fit is sent again by whoever needs it. */
const MAX_WAITING = 16;

/** The null-modem line through the pair lane, which goes on beating on it. A lane that does not answer loses frames. */
export function laneLine(
  clock: Clock,
  askLane: (request: LaneRequest, timeoutMs: number) => Promise<Answer>,
): PairingLine {
  let waiting: string[] = [];
  let receive: (frame: Uint8Array) => void = () => {};
  let timer: Cancel = () => {};
  let closed = false;

  async function exchange(): Promise<void> {
    const frames = waiting.splice(0);
    try {
      const came = resultOf<PairingResult>(await askLane({ do: 'pairing', frames }, ANSWER_MS));
      for (const frame of came.frames) receive(Uint8Array.from(Buffer.from(frame, 'base64')));
    } catch {
      // A lane that is just starting; the next question comes soon.
    }
    if (!closed || waiting.length > 0) timer = clock.at(clock.now() + ASK_MS, () => void exchange());
  }
  void exchange();

  return {
    send(frames) {
      waiting = [...waiting, ...frames.map((frame) => Buffer.from(frame).toString('base64'))].slice(-MAX_WAITING);
    },
    onFrame(to) {
      receive = to;
    },
    close() {
      closed = true;
      receive = () => {};
      if (waiting.length === 0) timer();
    },
  };
}
