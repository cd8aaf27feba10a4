import type { Beat } from '../codec/beat.ts';
import type { LinkId } from '../model/pair.ts';
import type { Close } from './clock.ts';

/** One path to the twin. Datagrams on UDP; on the serial line COBS-framed by the implementation (0x00 delimits). */
export interface PeerLink {
  readonly id: LinkId;
  /**
   * Sends one sealed frame. Never blocks and never throws: a frame that cannot go now is dropped and counted, because
   * the next one carries newer news.
   */
  send(frame: Uint8Array): void;
  /** Each whole frame that arrived, unauthenticated; at most `MAX_FRAME` bytes. */
  onFrame(receive: (frame: Uint8Array) => void): void;
  /** Of a link that wakes nobody: hands over what has come since the last look. Never waits, never throws. */
  look?(): void;
  /** What never left or never became a frame, so far and by reason, e.g. `{ busy: 3, oversized: 1 }`. */
  drops(): Readonly<Record<string, number>>;
  readonly close: Close;
}

/** Keyed message authentication (HMAC-SHA-256, RFC 2104) with the pair's keys: one signs, several may be accepted. */
export interface Sealer {
  /** The code under the key that signs, 32 bytes. */
  mac(bytes: Uint8Array): Uint8Array;
  /** The codes under each key that is accepted, the signing one first; that one alone unless told. */
  accepted?(): readonly ((bytes: Uint8Array) => Uint8Array)[];
  /** A beat came that is authentic under the accepted key of that place. */
  authenticated?(place: number, beat: Beat): void;
}
