import type { Lane } from '../../model/lane.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Alarms } from './alarms.ts';
import type { LaneKeeper } from './laneKeeper.ts';
import type { ControllerPorts } from './ports.ts';

/** Between two tries on a disk that refuses, ms. */
export const RETRY_MS = 5_000;

export interface LaneFile {
  /** Gives the lane its part of a document. Rejects with TandemError `io`; nothing is changed then. */
  put(lane: Lane): Promise<void>;
  /** The same at a start: a disk that refuses is an alarm and is tried again, because the kernel's table does not depend on it. */
  keep(lane: Lane): Promise<void>;
  readonly close: Close;
}

/** What the lane starts on, and is told to read again. */
export function createLaneFile(
  ports: Pick<ControllerPorts, 'writeLane'>,
  keeper: Pick<LaneKeeper, 'reload'>,
  clock: Clock,
  alarms: Pick<Alarms, 'set'>,
): LaneFile {
  let retry: Cancel | undefined;

  function stop(): void {
    retry?.();
    retry = undefined;
  }

  const alarm = (text: string, raised: boolean): void =>
    alarms.set(
      { code: 'lane-not-told', subject: '', text: `the pair lane was not told the document: ${text}` },
      raised,
    );

  async function put(lane: Lane): Promise<void> {
    await ports.writeLane(lane);
    stop();
    alarm('', false);
    await keeper.reload();
  }

  return {
    put,
    async keep(lane) {
      const attempt = (): Promise<void> =>
        put(lane).catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          alarm(reason, true);
          stop();
          retry = clock.at(clock.now() + RETRY_MS, () => void attempt());
        });
      await attempt();
    },
    close: stop,
  };
}
