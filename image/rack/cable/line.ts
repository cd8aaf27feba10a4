/** Start bit, eight data bits, stop bit. */
const BITS_A_BYTE = 10;

/** What a wire has carried, lost and damaged so far, in bytes. */
export interface Carried {
  delivered: number;
  /** Swallowed by a pulled plug. */
  pulled: number;
  lost: number;
  flipped: number;
}

/**
 * One direction of a serial cable: bytes go in at any speed and come out at the pace of the baud rate, in order.
 * Knows no clock: the caller says what time it is, in ms.
 */
export class Line {
  /** Ms that one byte is on the wire. */
  readonly byteTime: number;
  readonly carried: Carried = { delivered: 0, pulled: 0, lost: 0, flipped: 0 };
  readonly #queue: Uint8Array;
  #head = 0;
  #queued = 0;
  /** When the byte at the head of the queue began. */
  #since = 0;
  #pulled = false;
  #noise = 0;
  #chance: () => number = () => 1;

  /** @param capacity bytes that may wait in front of the wire, as in the sender's driver. */
  constructor(baud: number, capacity: number) {
    this.byteTime = (BITS_A_BYTE * 1000) / baud;
    this.#queue = new Uint8Array(capacity);
  }

  get room(): number {
    return this.#queue.length - this.#queued;
  }

  /** Takes as many bytes as there is room for, and says how many. */
  push(bytes: Uint8Array, now: number): number {
    if (this.#queued === 0) this.#since = Math.max(this.#since, now);
    const taken = Math.min(bytes.length, this.room);
    for (let i = 0; i < taken; i++) {
      this.#queue[(this.#head + this.#queued + i) % this.#queue.length] = bytes[i]!;
    }
    this.#queued += taken;
    return taken;
  }

  /** The bytes whose stop bit is over by `now`, after whatever the wire did to them. */
  due(now: number): Uint8Array {
    // A byte is over when its ten bits are; the small share forgives the rounding of repeated additions.
    const passed = Math.floor((now - this.#since) / this.byteTime + 1e-6);
    const count = Math.min(this.#queued, Math.max(0, passed));
    const out = new Uint8Array(count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.#suffer(this.#queue[(this.#head + i) % this.#queue.length]!);
      if (byte !== undefined) out[kept++] = byte;
    }
    this.#head = (this.#head + count) % this.#queue.length;
    this.#queued -= count;
    this.#since += count * this.byteTime;
    return out.subarray(0, kept);
  }

  /** When everything that waits will be through; undefined when nothing waits. */
  doneAt(): number | undefined {
    return this.#queued === 0 ? undefined : this.#since + this.#queued * this.byteTime;
  }

  /** While pulled, bytes leave the sender at the same pace and arrive nowhere. */
  pull(pulled: boolean): void {
    this.#pulled = pulled;
  }

  /** @param rate share of bytes that suffer, 0 to 1: half of them lose one bit to its opposite, half vanish. */
  noise(rate: number, chance: () => number): void {
    this.#noise = rate;
    this.#chance = chance;
  }

  #suffer(byte: number): number | undefined {
    if (this.#pulled) {
      this.carried.pulled++;
      return undefined;
    }
    if (this.#noise > 0 && this.#chance() < this.#noise) {
      if (this.#chance() < 0.5) {
        this.carried.lost++;
        return undefined;
      }
      this.carried.flipped++;
      this.carried.delivered++;
      return byte ^ (1 << Math.floor(this.#chance() * 8));
    }
    this.carried.delivered++;
    return byte;
  }
}
