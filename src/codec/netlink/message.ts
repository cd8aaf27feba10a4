import { Attributes } from './attributes.ts';
import { align, HEADER_SIZE } from './constants.ts';
import { malformed } from './malformed.ts';

/** One message within a received datagram; a view, valid as long as the buffer is. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly port: number;
  /** What follows the header, without padding. */
  readonly payload: Uint8Array;
}

/**
 * The messages of one datagram (they come several together).
 * @throws TandemError `bad-frame` when a length leaves the datagram.
 */
export function splitMessages(datagram: Uint8Array): NetlinkMessage[] {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at < datagram.length; ) {
    const left = datagram.length - at;
    if (left < HEADER_SIZE) throw malformed(`${left} bytes where a header should be`);
    const size = view.getUint32(at, true);
    if (size < HEADER_SIZE || size > left) throw malformed(`a message of ${size} bytes where ${left} are left`);
    messages.push({
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      port: view.getUint32(at + 12, true),
      payload: datagram.subarray(at + HEADER_SIZE, at + size),
    });
    at += align(size);
  }
  return messages;
}

/** The payload's fixed struct of `size` bytes as a view. @throws TandemError `bad-frame` when it is shorter. */
export function fixedPart(payload: Uint8Array, size: number, what: string): DataView {
  if (payload.length < size) throw malformed(`${what} of ${payload.length} bytes where ${size} are needed`);
  return new DataView(payload.buffer, payload.byteOffset, size);
}

/** The attributes behind the payload's fixed struct of `size` bytes. */
export const attributesAfter = (payload: Uint8Array, size: number): Attributes => new Attributes(payload, align(size));
