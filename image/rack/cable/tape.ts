/** Ends each frame on the line, and stands in none (firmware/link/serial.ts: COBS). */
const END = 0;
/** More than a minute of any pair's beats. */
const MOST = 5000;

/** Whole frames of one direction of a serial cable, kept and said again in their order. */
export class Tape {
  readonly #frames: Uint8Array[] = [];
  #recording = false;
  /** Of the frame under way; undefined until the first one begins. */
  #part: number[] | undefined;
  #next = Infinity;

  /** Forgets what it has, and keeps what it hears from the next frame on. */
  record(): void {
    this.#frames.length = 0;
    this.#recording = true;
    this.#part = undefined;
    this.#next = Infinity;
  }

  /** @returns how many frames it has kept, 5000 at most. */
  stop(): number {
    this.#recording = false;
    return this.#frames.length;
  }

  hear(bytes: Uint8Array): void {
    if (!this.#recording) return;
    for (const byte of bytes) {
      if (byte !== END) this.#part?.push(byte);
      else {
        if (this.#part !== undefined && this.#part.length > 0 && this.#frames.length < MOST) {
          this.#frames.push(Uint8Array.from([...this.#part, END]));
        }
        this.#part = [];
      }
    }
  }

  /** From the first frame on. */
  play(): void {
    this.#next = 0;
  }

  get playing(): boolean {
    return this.#next < this.#frames.length;
  }

  /** The next frame to be said, its end included; undefined when there is none. */
  next(): Uint8Array | undefined {
    return this.playing ? this.#frames[this.#next++] : undefined;
  }
}

/** Between two frames of a living sender is the place for others: a frame said into another one would damage both. */
export const betweenFrames = (said: Uint8Array): boolean => said.at(-1) === END;
