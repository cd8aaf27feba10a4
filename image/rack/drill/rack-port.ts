import type { ChildProcess } from 'node:child_process';
import type { ApplyResult, ShowResult } from '../../../src/model/control.ts';
import type { NodeId } from '../../../src/model/pair.ts';
import type { Status } from '../../../src/model/status.ts';
import type { Nic, ServerNumber, Where } from '../figure.ts';
import type { Neighbour } from '../neighbours.ts';

/** What the drills need of the rack. All times are the host's. */

export interface ExecResult {
  /** Exit status of the command in the box. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BoxPort {
  /** Power off: the emulator dies, nothing in the guest is asked. */
  cut(): Promise<void>;
  /** Power on; resolves when the emulator runs, `settled` tells when the pair is whole. */
  plug(): Promise<void>;
  /** All its processors and its clock stop. */
  freeze(): Promise<void>;
  /** Goes on where it stopped. */
  thaw(): Promise<void>;
  nic(nic: Nic, up: boolean): Promise<void>;
  /** What `tandem hand-over` asks for, `--force` or not, without a Node started in the guest. @throws when it is refused. */
  handOver(force?: boolean): Promise<void>;
  /** Holds the front panel's button down for `ms`; resolves when it is up again. @throws when the box does not answer. */
  press(ms: number): Promise<void>;
  /** A shell command line in the box. @throws when the box cannot be asked at all. */
  exec(command: string): Promise<ExecResult>;
  /** As `tandem status --json`, with these services, or the figure's; undefined when the box or its controller does not answer. */
  status(services?: readonly string[]): Promise<Status | undefined>;
  /** Resolves when the box writes to its own disk, at once or later. @throws when it does not within `limitMs`. */
  written(limitMs: number): Promise<void>;
  /** The latest that its pair lane woke in the last 10 s, ms, as the lane says; undefined when it does not answer. */
  lateMs(): Promise<number | undefined>;
}

/** The null-modem cable. */
export interface CablePort {
  pull(from?: NodeId): Promise<void>;
  /** Whole and quiet again. */
  plug(): Promise<void>;
  /** That share of the bytes is damaged. */
  noise(rate: number): Promise<void>;
  /** Keeps what both boxes say for so long, ms. Answers how many whole frames of each that was. */
  record(ms: number): Promise<Readonly<Record<NodeId, number>>>;
  /** Says the recorded frames again, each between two living ones. Resolves when all are on the wire. */
  play(): Promise<void>;
  /** When the first byte came from each box since it had power, on the host's monotonic clock, ms; null = none yet. */
  firstBytes(): Promise<Readonly<Record<NodeId, number | null>>>;
}

export interface RackPort {
  box(id: NodeId): BoxPort;
  readonly cable: CablePort;
  server(number: ServerNumber): { kill(): Promise<void>; start(): Promise<void> };
  /** Resolves when these boxes are past the slowness of a fresh start; both when none is named. */
  warm(nodes?: readonly NodeId[]): Promise<void>;
  /** Starts a program inside a namespace with stdin, stdout and stderr as pipes. It must end when killed. */
  spawnIn(where: Where, argv: readonly string[]): ChildProcess;
  /** Whom the gateway and the real servers take for the floats' holders. @throws when they cannot be asked. */
  neighbours(): Promise<readonly Neighbour[]>;
  /** Applies the document on that box, as `tandem apply` does. @throws TandemError, `unreachable` after `limitMs`. */
  apply(box: NodeId, text: string, limitMs: number): Promise<ApplyResult>;
  /** The document in force on that box, as `tandem show` says it. @throws TandemError, `unreachable` when no answer comes. */
  document(box: NodeId): Promise<ShowResult>;
  /** One active, one ready standby, every service's servers up. @throws when that does not come true in time. */
  settled(): Promise<void>;
  /** Back to the fixed state: everything plugged, thawed, started, and settled. */
  reset(): Promise<void>;
}
