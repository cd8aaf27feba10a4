const NEWLINE = 0x0a;

export interface LineReader {
  readonly push: (bytes: Uint8Array) => void;
  /** The next whole line without its end; undefined when there is none yet. */
  readonly next: () => string | undefined;
  /** A line grew beyond the limit: nothing more comes. */
  readonly overflowed: () => boolean;
}

/** Cuts a stream of bytes into lines of UTF-8, none longer than `limit` bytes. Empty lines are passed over. */
export function lineReader(limit: number): LineReader {
  const lines: string[] = [];
  let parts: Uint8Array[] = [];
  let held = 0;
  let over = false;
  const decoder = new TextDecoder();

  const finish = (last: Uint8Array): void => {
    const line = decoder.decode(Buffer.concat([...parts, last]));
    parts = [];
    held = 0;
    if (line.trim() !== '') lines.push(line);
  };

  return {
    push(bytes) {
      let rest = bytes;
      while (!over && rest.length > 0) {
        const end = rest.indexOf(NEWLINE);
        const piece = end < 0 ? rest : rest.subarray(0, end);
        over = held + piece.length > limit;
        if (over) break;
        if (end < 0) {
          parts.push(piece);
          held += piece.length;
          return;
        }
        finish(piece);
        rest = rest.subarray(end + 1);
      }
      if (over) parts = [];
    },
    next: () => lines.shift(),
    overflowed: () => over,
  };
}
