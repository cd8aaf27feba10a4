import { ATTRIBUTE_HEADER_SIZE, align, HEADER_SIZE, NLA_F_NESTED } from './constants.ts';

/** nlmsghdr without its length; the port id is left 0, which the kernel fills in. */
export interface MessageHead {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
}

/**
 * Writes netlink messages one after another into one growing buffer. Numbers are little-endian, the byte order of
 * every machine that Tandem runs on; the `be` methods are for fields that netlink carries in network order.
 */
export class NetlinkWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #size = 0;

  constructor(capacity = 512) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** A view of what was written; further writing may leave it stale. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  /** Starts over with the same buffer. */
  clear(): void {
    this.#size = 0;
  }

  /** One message whose payload is whatever `body` writes. */
  message(head: MessageHead, body: () => void): void {
    const start = this.#take(HEADER_SIZE);
    this.#view.setUint16(start + 4, head.type, true);
    this.#view.setUint16(start + 6, head.flags, true);
    this.#view.setUint32(start + 8, head.sequence, true);
    this.#view.setUint32(start + 12, 0, true);
    body();
    this.#view.setUint32(start, this.#size - start, true);
    this.#pad();
  }

  /** Takes flags back from the message that begins at this offset. */
  withoutFlags(start: number, flags: number): void {
    this.#view.setUint16(start + 6, this.#view.getUint16(start + 6, true) & ~flags, true);
  }

  /** One attribute whose payload is whatever `body` writes. @throws RangeError past 65,535 bytes. */
  attribute(type: number, body: () => void): void {
    const start = this.#take(ATTRIBUTE_HEADER_SIZE);
    this.#view.setUint16(start + 2, type, true);
    body();
    const size = this.#size - start;
    if (size > 0xffff) throw new RangeError(`attribute ${type} of ${size} bytes does not fit its 16-bit length`);
    this.#view.setUint16(start, size, true);
    this.#pad();
  }

  /** One attribute that holds attributes. */
  nest(type: number, body: () => void): void {
    this.attribute(type | NLA_F_NESTED, body);
  }

  u8(value: number): void {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#take(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  attributeU8(type: number, value: number): void {
    this.#attributeWord(type, 1, value & 0xff);
  }

  attributeU16(type: number, value: number): void {
    this.#attributeWord(type, 2, value & 0xffff);
  }

  attributeU16be(type: number, value: number): void {
    this.attributeU16(type, ((value & 0xff) << 8) | (value >>> 8));
  }

  attributeU32(type: number, value: number): void {
    this.#attributeWord(type, 4, value);
  }

  /** Low half first, as one little-endian 64-bit number up to 2^53-1. */
  attributeU64(type: number, value: number): void {
    this.attribute(type, () => {
      this.u32(value % 0x1_0000_0000);
      this.u32(Math.floor(value / 0x1_0000_0000));
    });
  }

  attributeBytes(type: number, value: Uint8Array): void {
    this.attribute(type, () => this.raw(value));
  }

  /** NUL-terminated; names in netlink are ASCII. */
  attributeString(type: number, value: string): void {
    this.attribute(type, () => {
      for (let index = 0; index < value.length; index += 1) this.u8(value.charCodeAt(index) & 0x7f);
      this.u8(0);
    });
  }

  /** An attribute of up to four bytes, padded to four: most of a large batch is such. */
  #attributeWord(type: number, size: number, value: number): void {
    const at = this.#take(ATTRIBUTE_HEADER_SIZE + 4);
    this.#view.setUint16(at, ATTRIBUTE_HEADER_SIZE + size, true);
    this.#view.setUint16(at + 2, type, true);
    this.#view.setUint32(at + ATTRIBUTE_HEADER_SIZE, value, true);
  }

  #pad(): void {
    const from = this.#size;
    const at = this.#take(align(from) - from);
    this.#bytes.fill(0, at, this.#size);
  }

  /** The bytes taken hold whatever was written there before. */
  #take(size: number): number {
    const at = this.#size;
    const end = at + size;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#size = end;
    return at;
  }
}
