import { ATTRIBUTE_HEADER_SIZE, align, NLA_TYPE_MASK } from './constants.ts';
import { malformed } from './malformed.ts';

/**
 * The attributes in `[start, end)` of a buffer, read where they lie. A type that is not there reads as undefined, a
 * type that is there twice reads as the last one (as in the kernel), a payload too short for its reader throws.
 */
export class Attributes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;

  /** @throws TandemError `bad-frame` when a length leaves the range or is shorter than its own header. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = start;
    this.#end = end;
    if (start > end || end > bytes.length) throw malformed(`attributes from ${start} to ${end} of ${bytes.length}`);
    for (let at = start; end - at >= ATTRIBUTE_HEADER_SIZE; ) {
      const size = this.#view.getUint16(at, true);
      if (size < ATTRIBUTE_HEADER_SIZE || size > end - at) {
        throw malformed(`an attribute of ${size} bytes where ${end - at} are left`);
      }
      at += align(size);
    }
  }

  has(type: number): boolean {
    return this.#find(type, 0) !== -1;
  }

  u8(type: number): number | undefined {
    const at = this.#find(type, 1);
    return at === -1 ? undefined : this.#view.getUint8(at);
  }

  u16(type: number): number | undefined {
    const at = this.#find(type, 2);
    return at === -1 ? undefined : this.#view.getUint16(at, true);
  }

  /** Network byte order. */
  u16be(type: number): number | undefined {
    const at = this.#find(type, 2);
    return at === -1 ? undefined : this.#view.getUint16(at);
  }

  u32(type: number): number | undefined {
    const at = this.#find(type, 4);
    return at === -1 ? undefined : this.#view.getUint32(at, true);
  }

  i32(type: number): number | undefined {
    const at = this.#find(type, 4);
    return at === -1 ? undefined : this.#view.getInt32(at, true);
  }

  /** Exact up to 2^53. */
  u64(type: number): number | undefined {
    const at = this.#find(type, 8);
    if (at === -1) return undefined;
    return this.#view.getUint32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
  }

  /** A view, not a copy: valid as long as the buffer is. */
  bytes(type: number, least = 0): Uint8Array | undefined {
    const at = this.#find(type, least);
    return at === -1 ? undefined : this.#bytes.subarray(at, this.#endOf(at));
  }

  /** Up to the first NUL, one character a byte. */
  string(type: number): string | undefined {
    const at = this.#find(type, 0);
    if (at === -1) return undefined;
    const end = this.#endOf(at);
    let text = '';
    for (let index = at; index < end && this.#bytes[index] !== 0; index += 1) {
      text += String.fromCharCode(this.#bytes[index] ?? 0);
    }
    return text;
  }

  nested(type: number): Attributes | undefined {
    const at = this.#find(type, 0);
    return at === -1 ? undefined : new Attributes(this.#bytes, at, this.#endOf(at));
  }

  /** Every one of a type, in their order: the elements of a list. */
  every(type: number): Attributes[] {
    const found: Attributes[] = [];
    for (let at = this.#start; this.#end - at >= ATTRIBUTE_HEADER_SIZE; ) {
      const payload = at + ATTRIBUTE_HEADER_SIZE;
      if ((this.#view.getUint16(at + 2, true) & NLA_TYPE_MASK) === type) {
        found.push(new Attributes(this.#bytes, payload, this.#endOf(payload)));
      }
      at += align(this.#view.getUint16(at, true));
    }
    return found;
  }

  #endOf(payload: number): number {
    const header = payload - ATTRIBUTE_HEADER_SIZE;
    return header + this.#view.getUint16(header, true);
  }

  /** Offset of the payload, -1 when absent. A nest has at most a few dozen attributes, so a scan beats an index. */
  #find(type: number, least: number): number {
    let found = -1;
    for (let at = this.#start; this.#end - at >= ATTRIBUTE_HEADER_SIZE; ) {
      if ((this.#view.getUint16(at + 2, true) & NLA_TYPE_MASK) === type) found = at + ATTRIBUTE_HEADER_SIZE;
      at += align(this.#view.getUint16(at, true));
    }
    if (found !== -1 && this.#endOf(found) - found < least) {
      throw malformed(`attribute ${type} has ${this.#endOf(found) - found} bytes where ${least} are needed`);
    }
    return found;
  }
}
