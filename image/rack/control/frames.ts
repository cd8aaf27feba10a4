import { TandemError } from '../../../src/model/error.ts';

/** The control socket speaks JSON lines both ways; bytes travel as base64. */

/** From the terminal: first `run`, then whatever is typed. */
export type Ask =
  | { readonly type: 'run'; readonly argv: readonly string[] }
  | { readonly type: 'in'; readonly data: string }
  | { readonly type: 'end' };

/** From the rack: output, and `exit` as the last. */
export type Tell =
  | { readonly type: 'out' | 'err'; readonly data: string }
  | { readonly type: 'exit'; readonly code: number };

/** More than any chunk that a stream hands over at once. */
const LONGEST = 1024 * 1024;

export const encode = (frame: Ask | Tell): string => `${JSON.stringify(frame)}\n`;
export const bytesOf = (data: string): Buffer => Buffer.from(data, 'base64');
export const dataOf = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');

/** Cuts a stream into frames. */
export class Frames<T extends Ask | Tell> {
  #rest = '';

  /** @throws TandemError `bad-frame` when a line is no JSON object or longer than 1 MiB. */
  push(text: string): T[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    if (this.#rest.length > LONGEST) throw new TandemError('bad-frame', `a line of more than ${LONGEST} characters`);
    return lines.map((line) => {
      try {
        return JSON.parse(line) as T;
      } catch (cause) {
        throw new TandemError('bad-frame', `not JSON: ${line.slice(0, 80)}`, { cause });
      }
    });
  }
}
