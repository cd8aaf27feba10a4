import { decodePairing, encodePairing, type PairingFrame } from '../../codec/pairingFrame.ts';
import type { PairingEnd, PairingEvent, PairingStep } from '../../core/pairing/types.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { PairingLine } from '../../ports/pairing.ts';

const TICK_MS = 250;

/** Runs one end of pairing on a line until it has ended or `signal` is aborted, and closes the line. */
export function converse<S>(
  clock: Clock,
  line: PairingLine,
  first: S,
  step: (state: S, event: PairingEvent, now: number) => PairingStep<S>,
  signal: AbortSignal,
): Promise<PairingEnd | 'stopped'> {
  return new Promise((resolve) => {
    let state = first;
    let timer: Cancel = () => {};
    let over = false;

    const finish = (how: PairingEnd | 'stopped'): void => {
      over = true;
      timer();
      signal.removeEventListener('abort', stop);
      line.close();
      resolve(how);
    };
    const stop = (): void => {
      if (!over) finish('stopped');
    };
    const post = (event: PairingEvent): void => {
      if (over) return;
      const { state: next, send, end } = step(state, event, clock.now());
      state = next;
      if (send.length > 0) line.send(send.map((frame: PairingFrame) => encodePairing(frame)));
      if (end !== undefined) finish(end);
    };
    const tick = (): void => {
      post({ type: 'tick' });
      if (!over) timer = clock.at(clock.now() + TICK_MS, tick);
    };

    line.onFrame((bytes) => {
      const frame = decodePairing(bytes);
      if (frame !== undefined) post({ type: 'frame', frame });
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    else tick();
  });
}
