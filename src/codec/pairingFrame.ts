/**
 * Frames of pairing on the null-modem line, beside the beats: exactly as long as one, so that a line which is set up for
 * beats wakes for them too, and told apart by their first byte. Lost and damaged ones are sent again.
 */
import { FRAME_SIZE } from './beatFrame.ts';

/** Offsets in bytes; numbers are big-endian. */
const AT = { mark: 0, type: 1, run: 2, index: 10, count: 12, length: 14, payload: 15, check: FRAME_SIZE - 2 } as const;

/** No version of a beat begins with it. */
const MARK = 0x50;

export const RUN_BYTES = 8;
/** The most that one frame carries. */
export const PAYLOAD_BYTES = AT.check - AT.payload;
export const MAX_PIECES = 0xffff;

/** In this order on the wire. */
const TYPES = ['hello', 'answer', 'proof', 'refused', 'piece', 'want', 'done'] as const;

export interface PairingFrame {
  readonly type: (typeof TYPES)[number];
  /** Of the second box's choice: one attempt. */
  readonly run: Uint8Array;
  /** Of a piece; in `want` the first one that is missing. */
  readonly index: number;
  /** Pieces in all. */
  readonly count: number;
  readonly payload: Uint8Array;
}

export const isPairingFrame = (frame: Uint8Array): boolean => frame[AT.mark] === MARK && frame.length === FRAME_SIZE;

export function encodePairing(frame: PairingFrame): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  const view = new DataView(bytes.buffer);
  bytes[AT.mark] = MARK;
  bytes[AT.type] = TYPES.indexOf(frame.type);
  bytes.set(frame.run.subarray(0, RUN_BYTES), AT.run);
  view.setUint16(AT.index, frame.index);
  view.setUint16(AT.count, frame.count);
  bytes[AT.length] = frame.payload.length;
  bytes.set(frame.payload.subarray(0, PAYLOAD_BYTES), AT.payload);
  view.setUint16(AT.check, crc16(bytes.subarray(0, AT.check)));
  return bytes;
}

/** undefined when it is none or was damaged on the way. Never throws. */
export function decodePairing(bytes: Uint8Array): PairingFrame | undefined {
  if (!isPairingFrame(bytes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = TYPES[bytes[AT.type]!];
  const length = bytes[AT.length]!;
  if (type === undefined || length > PAYLOAD_BYTES) return undefined;
  if (view.getUint16(AT.check) !== crc16(bytes.subarray(0, AT.check))) return undefined;
  return {
    type,
    run: bytes.slice(AT.run, AT.run + RUN_BYTES),
    index: view.getUint16(AT.index),
    count: view.getUint16(AT.count),
    payload: bytes.slice(AT.payload, AT.payload + length),
  };
}

/** CRC-16/IBM-3740 (polynomial 0x1021, begins with 0xffff): against noise; that nobody meddled is proved otherwise. */
function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
