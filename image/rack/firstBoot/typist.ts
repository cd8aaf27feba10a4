import { TandemError } from '../../../src/model/error.ts';
import type { NodeId } from '../../../src/model/pair.ts';
import type { Console } from '../console.ts';

/** Between two keys of a brisk typist, ms. */
const KEY_MS = 40;
/** Characters kept to look for a prompt in. */
const KEPT = 16 * 1024;

/** A person at one box's serial console: reads until a prompt stands there, types, and has everything written down. */
export class Typist {
  readonly #console: Console;
  readonly #node: NodeId;
  readonly #out: (line: string) => void;
  readonly #stop: () => void;
  /** What came since the last line typed. */
  #seen = '';
  #line = '';
  #wake: () => void = () => {};

  /** @param out takes the transcript, a line at a time. */
  constructor(node: NodeId, console: Console, out: (line: string) => void) {
    this.#node = node;
    this.#console = console;
    this.#out = out;
    // What the box said before anybody sat down stands on the screen.
    this.#hear(console.log.toString('latin1'));
    this.#stop = console.listen((bytes) => this.#hear(bytes.toString('latin1')));
  }

  /** Waits for words and what ends a prompt, and returns what was said since the last answer. @throws TandemError. */
  async until(words: string, limitMs: number, ending = ': '): Promise<string> {
    const limit = performance.now() + limitMs;
    for (;;) {
      const at = this.#seen.lastIndexOf(words);
      if (at >= 0 && this.#seen.endsWith(ending)) return this.#seen;
      const left = limit - performance.now();
      if (left <= 0) {
        const last = JSON.stringify(this.#seen.slice(-300));
        throw new TandemError(
          'refused',
          `${this.#node} did not ask "${words}" within ${limitMs / 1000} s; last: ${last}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 1000));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Key by key, then Enter. */
  async line(text: string): Promise<void> {
    this.#seen = '';
    for (const key of `${text}\r`) {
      this.#console.type(Buffer.from(key));
      await new Promise((resolve) => setTimeout(resolve, KEY_MS));
    }
  }

  /** Ends the transcript. */
  close(): void {
    this.#stop();
    if (this.#line !== '') this.#write(this.#line);
    this.#line = '';
  }

  #hear(text: string): void {
    this.#seen = (this.#seen + text).slice(-KEPT);
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#write(line);
    this.#wake();
  }

  #write(line: string): void {
    this.#out(`${this.#node} | ${line.replace(/[^ -~]/g, '')}`);
  }
}
