/**
 * What a dump brought the last time, message by message: what is as it was then is not decoded again, and is the same object.
 * Of a table of ten thousand servers few change from one second to the next, and decoding is most of what a look costs.
 */
export class KnownDump<T> {
  /** The messages' payloads, one behind the other. */
  #bytes = Buffer.alloc(0);
  /** Offset behind each of them. */
  readonly #ends: number[] = [];
  #values: T[] = [];
  #index = 0;
  #changed = false;

  /** A dump begins, or begins anew. */
  begin(): void {
    this.#index = 0;
  }

  /** What the next message says; undefined is left out of the result. `decode` may not keep the payload. */
  take(payload: Uint8Array, decode: () => T): void {
    const index = this.#index++;
    const start = this.#ends[index - 1] ?? 0;
    const end = start + payload.length;
    if (this.#ends[index] === end && this.#bytes.compare(payload, 0, payload.length, start, end) === 0) return;
    const value = decode();
    if (!this.#changed) this.#values = [...this.#values];
    this.#changed = true;
    if (this.#ends[index] !== end) this.#cut(index);
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(payload, start);
    this.#ends[index] = end;
    this.#values[index] = value;
  }

  /** The dump is over. @returns the same array as the last time when nothing has changed. */
  end(): readonly T[] {
    if (this.#index < this.#values.length) {
      if (!this.#changed) this.#values = [...this.#values];
      this.#cut(this.#index);
    }
    this.#changed = false;
    return this.#values;
  }

  #cut(length: number): void {
    this.#ends.length = length;
    this.#values.length = length;
  }

  #grow(least: number): void {
    const grown = Buffer.alloc(Math.ceil(least * 1.5));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
