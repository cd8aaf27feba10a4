/**
 * Frames that bring the twin a new pair key, beside the beats and exactly as long as one, so that a line which is set up
 * for beats wakes for them too. What is in them is proved by their own codes. Lost ones are sent again.
 */
import { FRAME_SIZE } from './beatFrame.ts';

/** Offsets in bytes; what follows the body is ignored. */
const AT = { mark: 0, type: 1, run: 2, body: 10, rest: 58 } as const;

/** No version of a beat begins with it, nor does a frame of pairing. */
const MARK = 0x51;

export const KEY_RUN_BYTES = AT.body - AT.run;
/** Of every body: a public key or a sealed key of 32 bytes, and a code of 16. */
export const KEY_BODY_BYTES = AT.rest - AT.body;

/** In this order on the wire: our public key, the twin's, the new key sealed. */
const TYPES = ['offer', 'answer', 'key'] as const;

export interface KeyFrame {
  readonly type: (typeof TYPES)[number];
  /** One attempt, of the offering box's choice. */
  readonly run: Uint8Array;
  readonly body: Uint8Array;
}

export const isKeyFrame = (frame: Uint8Array): boolean => frame[AT.mark] === MARK && frame.length === FRAME_SIZE;

export function encodeKeyFrame(frame: KeyFrame): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  bytes[AT.mark] = MARK;
  bytes[AT.type] = TYPES.indexOf(frame.type);
  bytes.set(frame.run.subarray(0, KEY_RUN_BYTES), AT.run);
  bytes.set(frame.body.subarray(0, KEY_BODY_BYTES), AT.body);
  return bytes;
}

/** undefined when it is none. Never throws. */
export function decodeKeyFrame(bytes: Uint8Array): KeyFrame | undefined {
  const type = TYPES[bytes[AT.type]!];
  if (!isKeyFrame(bytes) || type === undefined) return undefined;
  return { type, run: bytes.slice(AT.run, AT.body), body: bytes.slice(AT.body, AT.rest) };
}
