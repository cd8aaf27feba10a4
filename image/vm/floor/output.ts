/** The last line on ttyS1 (image/vm/floor/init.sh). */
const exitLine = /\r?\n?tandem-exit (\d+)\r?\n$/;
/** Longest exit line with the line break before it: what must be held back until more is known. */
const held = 24;

/** Parts what a command prints from the line with its exit code, while it streams. */
export class CommandOutput {
  #tail = '';
  /** undefined until the command has ended. */
  code: number | undefined;

  /** Takes text in and gives back what may be shown. */
  push(text: string): string {
    this.#tail += text;
    const end = exitLine.exec(this.#tail);
    if (end) {
      this.code = Number(end[1]);
      const last = this.#tail.slice(0, end.index);
      this.#tail = '';
      return last;
    }
    const cut = Math.max(this.#tail.length - held, 0);
    const shown = this.#tail.slice(0, cut);
    this.#tail = this.#tail.slice(cut);
    return shown;
  }

  /** What is still held back when the machine ends without an exit line. */
  rest(): string {
    return this.#tail;
  }
}
