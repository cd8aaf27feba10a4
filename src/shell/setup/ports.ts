import type { Installation, Nic, Reply, Taken } from '../../core/setup/index.ts';
import type { Answer, ControllerRequest, EventsResult } from '../../model/control.ts';
import type { NodeId } from '../../model/pair.ts';
import type { Status } from '../../model/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PasswordHasher, PasswordStore } from '../../ports/passwords.ts';

/** Everything the serial console's process stands on; the composition root brings the real ones. */
export interface SetupPorts {
  readonly clock: Clock;
  /** Bytes to the terminal; waits for a slow line as long as that takes. */
  write(text: string): void;
  /** Keeps what the next start of this process is to go on with; empty = nothing. Never throws. */
  keep(text: string): void;
  /** The session is over. */
  end(): void;
  /** The NICs that a side could have, switched on so that their cables can be seen. Rejects with TandemError. */
  nics(): Promise<readonly Nic[]>;
  readonly hasher: PasswordHasher;
  readonly passwords: PasswordStore;
  /** Makes the box a router: the node file is written last and decides. Rejects with TandemError `io`. */
  install(box: Installation): Promise<void>;
  /** Starts what waited for a node file. Rejects with TandemError `io`. */
  startService(): Promise<void>;
  /** Rejects with TandemError `unreachable` when there is no answer within `timeoutMs`. */
  askController(request: ControllerRequest, timeoutMs: number): Promise<Answer>;
  /** Rejects with TandemError `io`. */
  restart(): Promise<void>;
  /** Everything that makes it a router is forgotten at the next start. Rejects with TandemError `io`. */
  forget(): Promise<void>;
  readonly words: Words;
  readonly pairing: Pairing;
}

/** The words of `tandem status` and `tandem events`. */
export interface Words {
  /** What a stranger at the console may know: role, addresses, the worst alarm. */
  heading(status: Status): readonly string[];
  status(status: Status): readonly string[];
  events(events: EventsResult): readonly string[];
}

/** What the second box is given. */
export type Gift = Taken;

/** Document and key from box to box over the null-modem line. */
export interface Pairing {
  /**
   * Waits for the second box, tells the code, answers when it has everything or nobody came.
   * Rejects with TandemError; ends early when `signal` is aborted.
   */
  offer(gift: Gift, tell: (lines: readonly string[]) => void, signal: AbortSignal): Promise<Reply>;
  /** Rejects with TandemError; ends early when `signal` is aborted. */
  take(
    from: { readonly code: string; readonly line: string; readonly baud: number },
    signal: AbortSignal,
  ): Promise<Reply>;
  /** What this box would give: its own name as the twin's, the document in force, key and password. */
  gift(): Promise<Gift>;
}

export interface Found {
  readonly node: NodeId | undefined;
  readonly banner: string;
  readonly saved: string | undefined;
}
