/** Text for a terminal of 80 columns that knows ASCII and newline. */

const COLUMNS = 79;

const PLAIN: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '—': '-',
  '–': '-',
  '→': '->',
  '·': '|',
  '…': '...',
  '↔': '<->',
  '≤': '<=',
  '≥': '>=',
};

/** The same words in ASCII; what has no likeness there becomes `?`. Control characters become spaces. */
export const ascii = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/[^\x20-\x7e]/gu, (character) => PLAIN[character] ?? '?');

/** Lines of at most 79 columns, broken at spaces where there are some; what continues is indented as its line and two more. */
export function wrap(text: string): string[] {
  const lines: string[] = [];
  let rest = ascii(text).trimEnd();
  const indent = `${/^ */.exec(rest)?.[0].slice(0, 20) ?? ''}  `;
  while (rest.length > COLUMNS) {
    const space = rest.lastIndexOf(' ', COLUMNS);
    const end = space > indent.length ? space : COLUMNS;
    lines.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  lines.push(rest);
  return lines;
}

/** Printed lines, each ended as a terminal wants it. */
export const print = (lines: readonly string[]): string =>
  lines
    .flatMap(wrap)
    .map((line) => `${line}\r\n`)
    .join('');
