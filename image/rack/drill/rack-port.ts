import type { ChildProcess } from 'node:child_process';
import type { NodeId, Side } from '../../../src/model/pair.ts';
import type { Status } from '../../../src/model/status.ts';

/** What the drills need of the rack. All times are the host's. */

/** A network namespace of the rack; `rack` is the one with both bridges. */
export type Where = 'client' | 'gateway' | 's1' | 's2' | 's3' | 'rack';

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
  nic(side: Side, up: boolean): Promise<void>;
  /** A shell command line in the box. @throws when the box cannot be asked at all. */
  exec(command: string): Promise<ExecResult>;
  /** What `tandem status --json` says; undefined when the box or its controller does not answer. */
  status(): Promise<Status | undefined>;
  /** Of the box's NIC on that side; colon-separated lower-case hex. */
  mac(side: Side): string;
}

export interface RackPort {
  box(id: NodeId): BoxPort;
  readonly cable: { pull(): Promise<void>; plug(): Promise<void> };
  server(number: 1 | 2 | 3): { kill(): Promise<void>; start(): Promise<void> };
  /** Starts a program inside a namespace with stdin, stdout and stderr as pipes. It must end when killed. */
  spawnIn(where: Where, argv: readonly string[]): ChildProcess;
  /** Device names of the bridges inside `rack`. */
  readonly bridges: Readonly<Record<Side, string>>;
  /** One active, one ready standby, every service's servers up. @throws when that does not come true in time. */
  settled(): Promise<void>;
  /** Back to the fixed state: everything plugged, thawed, started, and settled. */
  reset(): Promise<void>;
}

/** The rack's own addresses, as its seed document has them. */
export const VIP = '198.51.100.10';
export const PRIVATE_FLOAT = '192.0.2.1';
export const FLOATS: Readonly<Record<Side, string>> = { public: VIP, private: PRIVATE_FLOAT };
