import type { Answer, LaneRequest } from '../../model/control.ts';
import type { Ending } from '../../model/ending.ts';
import type { Lane } from '../../model/lane.ts';
import type { NodeFile } from '../../model/node.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Eyes } from '../../ports/eyes.ts';
import type { Prober } from '../../ports/health.ts';
import type { HistoryStore } from '../../ports/history.ts';
import type { Log } from '../../ports/log.ts';
import type { RunFile } from '../../ports/runFile.ts';
import type { RecordReader, Store } from '../../ports/store.ts';
import type { Supervisor } from '../../ports/supervisor.ts';
import type { TwinChannel } from '../../ports/twin.ts';
import type { PasswordPorts } from './adminPassword.ts';
import type { Kernel } from './kernel.ts';

/** Everything the controller stands on; the composition root brings the real ones. */
export interface ControllerPorts {
  readonly node: NodeFile;
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly prober: Prober;
  readonly eyes: Eyes;
  readonly store: Store;
  /** What the lane has recorded. */
  readonly records: RecordReader;
  readonly history: HistoryStore;
  /** What is known of the servers' health, for the next run. */
  readonly healthFile: RunFile;
  readonly password: PasswordPorts;
  readonly supervisor: Supervisor;
  /** To the twin's controller. */
  readonly channel: TwinChannel;
  /** Hex SHA-256. */
  digest(text: string): string;
  /** `lane.json`, durable and all or nothing when it resolves; one at a time. Rejects with TandemError `io`. */
  writeLane(lane: Lane): Promise<void>;
  /** The pair lane's answer. Rejects with TandemError `unreachable` when there is none within `timeoutMs`. */
  askLane(request: LaneRequest, timeoutMs: number): Promise<Answer>;
  /** Gives memory that garbage holds back; everything waits meanwhile, some 100 ms. */
  compact(): void;
  /** What of this box has ended by itself since the last call; each is told once. Never throws. */
  takeEndings(): readonly Ending[];
  readonly log: Log;
}
