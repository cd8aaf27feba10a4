/** What a terminal shows, and the bytes that change it: only what differs is drawn, and a slow line is not flooded. */

const ESC = '\u001b';

/** Clears the screen; the cursor is hidden, so that it does not jump about. */
export const BEGIN = `${ESC}[?25l${ESC}[2J`;

/** The cursor again, on a line below what was shown. */
export const end = (rows: number): string => `${ESC}[${rows};1H${ESC}[?25h\r\n`;

/** Shorter stretches of equal letters are written again: to step over them costs as much. */
const STEP = 8;

const goTo = (row: number, column: number): string => `${ESC}[${row + 1};${column + 1}H`;

/** One piece of a line that differs; `text` may end with "erase to the end of the line". */
interface Piece {
  readonly column: number;
  /** As the line will be once this is written. */
  readonly line: string;
  readonly text: string;
}

/** The first piece in which a line differs, and the line after it; undefined when it does not. */
function firstPiece(shown: string, wanted: string): Piece | undefined {
  if (shown === wanted) return undefined;
  const length = Math.max(shown.length, wanted.length);
  let begin = 0;
  while (shown[begin] === wanted[begin]) begin += 1;
  let end = begin;
  for (let same = 0, at = begin; at < length && same < STEP; at += 1) {
    if (shown[at] === wanted[at]) same += 1;
    else [same, end] = [0, at + 1];
  }
  if (end < wanted.length) {
    const line = wanted.slice(0, end) + shown.slice(end);
    return { column: begin, line, text: wanted.slice(begin, end) };
  }
  const erase = shown.length > wanted.length ? `${ESC}[K` : '';
  return { column: Math.min(begin, wanted.length), line: wanted, text: wanted.slice(begin) + erase };
}

export interface Painted {
  /** To be written; at most `budget` characters, all of them ASCII when the lines are. */
  readonly bytes: string;
  /** The lines as the terminal then shows them. */
  readonly shown: readonly string[];
  /** Whether it shows all that was wanted. */
  readonly whole: boolean;
}

/**
 * What turns `shown` into `wanted`, from line `from` on and round again, as far as `budget` characters go; the rest is for the
 * next call, which had better begin where this one ended, so that the last line has its turn, too.
 */
export function paint(
  shown: readonly string[],
  wanted: readonly string[],
  budget: number,
  from = 0,
): Painted & { readonly next: number } {
  const rows = Math.max(shown.length, wanted.length);
  const lines = Array.from({ length: rows }, (_, row) => shown[row] ?? '');
  let bytes = '';
  for (let turn = 0; turn < rows; turn += 1) {
    const row = (from + turn) % rows;
    for (;;) {
      const piece = firstPiece(lines[row]!, wanted[row] ?? '');
      if (piece === undefined) break;
      const text = `${goTo(row, piece.column)}${piece.text}`;
      if (bytes.length + text.length > budget) return { bytes, shown: lines, whole: false, next: row };
      bytes += text;
      lines[row] = piece.line;
    }
  }
  return { bytes, shown: lines, whole: true, next: 0 };
}
