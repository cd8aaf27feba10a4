// biome-ignore-all lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads

/** As much of a VT100 as `tandem top` uses; anything else is a fault. */
export class Vt100 {
  readonly #rows: string[][];
  #row = 0;
  #column = 0;
  written = 0;
  cursor = true;

  constructor(rows: number, columns: number) {
    this.#rows = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  }

  lines(): string[] {
    return this.#rows.map((row) => row.join('').trimEnd());
  }

  write(text: string): void {
    this.written += text.length;
    let rest = text;
    while (rest !== '') {
      const found = /^(?:\u001b\[(\d+);(\d+)H|\u001b\[(K|2J|\?25l|\?25h)|(\r\n)|([\x20-\x7e]))/.exec(rest);
      if (found === null) throw new Error(`this terminal does not know ${JSON.stringify(rest.slice(0, 12))}`);
      rest = rest.slice(found[0].length);
      this.#obey(found);
    }
  }

  #obey([, row, column, order, end, letter]: RegExpExecArray): void {
    if (row !== undefined) {
      this.#row = Number(row) - 1;
      this.#column = Number(column) - 1;
      if (this.#rows[this.#row]?.[this.#column] === undefined) throw new Error(`no place ${row};${column}`);
    } else if (order === 'K') this.#rows[this.#row]!.fill(' ', this.#column);
    else if (order === '2J') for (const line of this.#rows) line.fill(' ');
    else if (order !== undefined) this.cursor = order === '?25h';
    else if (end === undefined) {
      if (this.#rows[this.#row]?.[this.#column] === undefined) throw new Error('written past the edge');
      this.#rows[this.#row]![this.#column] = letter!;
      this.#column += 1;
    }
  }
}
