import type { NodeId } from '../model/pair.ts';
import type { TwinMessage, TwinQuestion } from '../model/twin.ts';

/** Between the controllers of the two boxes. */

/** Where the channel of this box stands: on the private NIC, between both boxes' own addresses. */
export interface TwinPlace {
  readonly node: NodeId;
  /** Of the private NIC. */
  readonly device: string;
  /** IPv4. */
  readonly own: string;
  /** IPv4 of the twin. */
  readonly twin: string;
  readonly port: number;
}

export interface TwinEars {
  opened(): void;
  /** The twin cannot be heard any more; never without `opened` before it. */
  closed(): void;
  heard(message: TwinMessage): void;
  /** Resolves with the answer's result; a TandemError is carried to the twin. */
  asked(question: TwinQuestion): Promise<unknown>;
}

export interface TwinChannel {
  /** Who hears; said once, before anything else. */
  attach(ears: TwinEars): void;
  /** Stands where it is told, and moves when that changes; undefined = nowhere. */
  follow(place: TwinPlace | undefined): void;
  /** Whether the twin's lane beats: one that does is asked for its controller more often, and at once when it comes back. */
  twinHeard(heard: boolean): void;
  /** Lost when the channel is closed. */
  tell(message: TwinMessage): void;
  /** The twin's answer. Rejects with TandemError `unreachable` when there is none within `timeoutMs`, `too-many`, or the twin's own. */
  ask(question: TwinQuestion, timeoutMs: number): Promise<unknown>;
  close(): Promise<void>;
}

/** A key of the channel's own, derived from a pair key. */
export interface ChannelKey {
  /** Sent in the clear: says which key, tells nothing of it. */
  readonly identity: string;
  /** 32 bytes; never shown, never logged. */
  readonly secret: Uint8Array;
}
