import type { ChildProcess } from 'node:child_process';
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
  /** What `tandem hand-over` asks for, without a Node started in the guest. @throws when it is refused. */
  handOver(): Promise<void>;
  /** Holds the front panel's button down for `ms`; resolves when it is up again. @throws when the box does not answer. */
  press(ms: number): Promise<void>;
  /** A shell command line in the box. @throws when the box cannot be asked at all. */
  exec(command: string): Promise<ExecResult>;
  /** What `tandem status --json` says; undefined when the box or its controller does not answer. */
  status(): Promise<Status | undefined>;
  /** The latest that its pair lane woke in the last 10 s, ms, as the lane says; undefined when it does not answer. */
  lateMs(): Promise<number | undefined>;
}

export interface RackPort {
  box(id: NodeId): BoxPort;
  /** `noise`: that share of the bytes is damaged. `plug` ends it too. */
  readonly cable: { pull(from?: NodeId): Promise<void>; plug(): Promise<void>; noise(rate: number): Promise<void> };
  server(number: ServerNumber): { kill(): Promise<void>; start(): Promise<void> };
  /** Resolves when both boxes are past the slowness of a fresh start. */
  warm(): Promise<void>;
  /** Starts a program inside a namespace with stdin, stdout and stderr as pipes. It must end when killed. */
  spawnIn(where: Where, argv: readonly string[]): ChildProcess;
  /** Whom the gateway and the real servers take for the floats' holders. @throws when they cannot be asked. */
  neighbours(): Promise<readonly Neighbour[]>;
  /** One active, one ready standby, every service's servers up. @throws when that does not come true in time. */
  settled(): Promise<void>;
  /** Back to the fixed state: everything plugged, thawed, started, and settled. */
  reset(): Promise<void>;
}
