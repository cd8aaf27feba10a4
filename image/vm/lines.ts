import { TandemError } from '../../src/model/error.ts';

/** Longest message taken from QEMU or its guest agent: 16 MiB of captured output in base64, and a little around it. */
const longest = 24 * 1024 * 1024;

/**
 * Cuts a byte stream into JSON values, one a line, as QMP and the guest agent send them. An 0xFF byte, which the agent puts
 * before its answer to `guest-sync-delimited`, drops whatever stood before it.
 */
export class JsonLines {
  #rest: Uint8Array[] = [];
  #length = 0;

  /**
   * Takes bytes in and gives back the values that are complete.
   * @throws TandemError `bad-frame` when a line is not JSON or longer than 24 MiB.
   */
  push(chunk: Uint8Array): unknown[] {
    const values: unknown[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk[at] === 0xff) this.#clear();
      else if (chunk[at] === 0x0a) {
        this.#keep(chunk.subarray(from, at));
        const text = Buffer.concat(this.#rest).toString('utf8').trim();
        this.#clear();
        if (text !== '') values.push(parse(text));
      } else continue;
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return values;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length > longest) throw new TandemError('bad-frame', `a message of more than ${longest} bytes`);
    this.#rest.push(bytes);
  }

  #clear(): void {
    this.#rest = [];
    this.#length = 0;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TandemError('bad-frame', `not JSON: ${text.slice(0, 80)}`, { cause });
  }
}
