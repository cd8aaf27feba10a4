import type { WriteStream } from 'node:tty';

const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/** A few lines at the bottom of a terminal, redrawn in place; other lines go above them. */
export class Screen {
  readonly #stream: WriteStream;
  #drawn = 0;
  #size: readonly [columns: number, rows: number];

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.#size = stream.getWindowSize();
  }

  resize(size: readonly [columns: number, rows: number]): void {
    this.#size = size;
  }

  draw(lines: readonly string[]): void {
    // A terminal that does not know its size says 0.
    const [columns, rows] = [this.#size[0] || 80, this.#size[1] || 24];
    const shown = lines.slice(0, rows - 1).map((line) => line.slice(0, columns - 1) + CLEAR_LINE);
    this.#stream.write(`${HIDE}${this.#home()}${shown.join('\n')}\n${CLEAR_BELOW}`);
    this.#drawn = shown.length;
  }

  /** A line that stays, above the picture. */
  say(line: string): void {
    this.#stream.write(`${this.#home()}${CLEAR_BELOW}${line}\n`);
    this.#drawn = 0;
  }

  /** Leaves the last picture standing and gives the cursor back. */
  end(): void {
    this.#stream.write(SHOW);
  }

  #home(): string {
    return this.#drawn === 0 ? '' : `\x1b[${this.#drawn}A\r`;
  }
}
