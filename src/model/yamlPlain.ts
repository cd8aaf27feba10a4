import { scalarOf } from './yamlPlainScalar.ts';
import { BOUNDS } from './yamlScan.ts';
import type { Read } from './yamlText.ts';

/**
 * Reads YAML as most documents are written: block mappings and lists by indentation, flows that end on their line, one-line
 * scalars, comments. The npm parser takes some 200 ms for 1,000 servers and this one a few; where a text leaves this form it
 * answers undefined, and the npm parser reads the whole of it and says what is wrong. What this one answers is what
 * the other would (test/unit/model/yamlPlain.test.ts).
 */

/** Mappings and lists within each other; a document has eight. */
const MAX_DEPTH = 16;
/** Characters of a key; YAML takes 1,024. */
const MAX_KEY = 128;

const [LF, SPACE, HASH, COMMA, DASH, COLON] = [0x0a, 0x20, 0x23, 0x2c, 0x2d, 0x3a] as const;
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d] as const;

/** The text leaves the plain form. Thrown and caught in this file alone. */
const BEYOND = new Error('beyond the plain form');

const isWordStart = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
const isWord = (code: number): boolean => isWordStart(code) || (code >= 0x30 && code <= 0x39);

type Mapping = Record<string, unknown>;

class PlainReader {
  readonly #text: string;
  #at = 0;
  /** Columns before the first sign of the line at which `#at` stands. */
  #column = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the reader stands: after `BEYOND`, the offset up to which the text is plain. */
  get at(): number {
    return this.#at;
  }

  document(): unknown {
    this.#nextLine();
    if (this.#ended()) throw BEYOND;
    const value = this.#code() === DASH ? this.#list(this.#column) : this.#mapping(this.#column);
    if (!this.#ended()) throw BEYOND;
    return value;
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #ended(): boolean {
    return this.#at >= this.#text.length;
  }

  /** From the start of a line to the first sign of the next one that says something. */
  #nextLine(): void {
    const text = this.#text;
    for (let start = this.#at; ; ) {
      let at = start;
      while (text.charCodeAt(at) === SPACE) at += 1;
      if (at - start > BOUNDS.indent) throw BEYOND;
      const code = text.charCodeAt(at);
      if (code === HASH) {
        const end = text.indexOf('\n', at);
        if (end < 0) throw BEYOND;
        start = end + 1;
      } else if (code === LF) start = at + 1;
      else {
        this.#at = at;
        this.#column = at - start;
        return;
      }
    }
  }

  /** Behind a value: nothing but spaces and a comment up to the line's end. */
  #endLine(): void {
    const text = this.#text;
    const begin = this.#at;
    let at = begin;
    while (text.charCodeAt(at) === SPACE) at += 1;
    if (text.charCodeAt(at) === HASH && at > begin) at = text.indexOf('\n', at);
    if (at < 0 || text.charCodeAt(at) !== LF) throw BEYOND;
    this.#at = at + 1;
    this.#nextLine();
  }

  #deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw BEYOND;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  /** Entries whose keys stand in column `indent`; the first key is where the reader stands. */
  #mapping(indent: number): Mapping {
    const found: Mapping = {};
    do {
      const key = this.#key(found);
      const gap = this.#spaces();
      const code = this.#code();
      if (code === LF || (code === HASH && gap > 0)) {
        this.#at -= gap;
        this.#endLine();
        found[key] = this.#nested(indent);
      } else {
        if (gap === 0) throw BEYOND;
        found[key] = this.#value();
        this.#endLine();
      }
    } while (!this.#ended() && this.#column === indent && this.#code() !== DASH);
    if (!this.#ended() && this.#column > indent) throw BEYOND;
    return found;
  }

  /** What stands under a key without a value on its line. */
  #nested(indent: number): unknown {
    if (this.#ended() || this.#column < indent) return null;
    const column = this.#column;
    if (this.#code() === DASH) return this.#deeper(() => this.#list(column));
    if (column === indent) return null;
    return this.#deeper(() => this.#mapping(column));
  }

  /** Entries whose dashes stand in column `indent`. */
  #list(indent: number): unknown[] {
    const found: unknown[] = [];
    do {
      this.#at += 1;
      const gap = this.#spaces();
      if (gap === 0) throw BEYOND;
      if (isWordStart(this.#code()) && this.#isKey()) {
        const column = indent + 1 + gap;
        found.push(this.#deeper(() => this.#mapping(column)));
      } else {
        found.push(this.#value());
        this.#endLine();
      }
    } while (!this.#ended() && this.#column === indent && this.#code() === DASH);
    if (!this.#ended() && this.#column > indent) throw BEYOND;
    return found;
  }

  #spaces(): number {
    const begin = this.#at;
    while (this.#code() === SPACE) this.#at += 1;
    return this.#at - begin;
  }

  /** Whether a key and its colon stand here. */
  #isKey(): boolean {
    let at = this.#at;
    while (isWord(this.#text.charCodeAt(at))) at += 1;
    const after = this.#text.charCodeAt(at + 1);
    return this.#text.charCodeAt(at) === COLON && (after === SPACE || after === LF);
  }

  /** Reads a key and its colon. */
  #key(known: Mapping): string {
    const begin = this.#at;
    if (!isWordStart(this.#code())) throw BEYOND;
    while (isWord(this.#code())) this.#at += 1;
    const key = this.#text.slice(begin, this.#at);
    if (this.#code() !== COLON || key.length > MAX_KEY || key === '__proto__' || Object.hasOwn(known, key))
      throw BEYOND;
    // `null:` and `true:` are keys of another kind.
    if (typeof scalarOf(key) !== 'string') throw BEYOND;
    this.#at += 1;
    return key;
  }

  #value(): unknown {
    const code = this.#code();
    if (code === OPEN_MAP) return this.#deeper(() => this.#flowMapping());
    if (code === OPEN_LIST) return this.#deeper(() => this.#flowList());
    return this.#scalar(false);
  }

  #flowMapping(): Mapping {
    const found: Mapping = {};
    this.#at += 1;
    this.#spaces();
    while (this.#code() !== CLOSE_MAP) {
      const key = this.#key(found);
      if (this.#spaces() === 0) throw BEYOND;
      found[key] = this.#flowValue();
      this.#comma(CLOSE_MAP);
    }
    this.#at += 1;
    return found;
  }

  #flowList(): unknown[] {
    const found: unknown[] = [];
    this.#at += 1;
    this.#spaces();
    while (this.#code() !== CLOSE_LIST) {
      found.push(this.#flowValue());
      this.#comma(CLOSE_LIST);
    }
    this.#at += 1;
    return found;
  }

  #comma(close: number): void {
    this.#spaces();
    if (this.#code() === COMMA) {
      this.#at += 1;
      this.#spaces();
    } else if (this.#code() !== close) throw BEYOND;
  }

  #flowValue(): unknown {
    const code = this.#code();
    return code === OPEN_MAP || code === OPEN_LIST ? this.#value() : this.#scalar(true);
  }

  /** Up to the first sign that no plain word has; what may not follow there is found by whoever goes on. */
  #scalar(flow: boolean): unknown {
    const text = this.#text;
    const begin = this.#at;
    const first = this.#code();
    if (first === 0x22 || first === 0x27) {
      const end = text.indexOf(String.fromCharCode(first), begin + 1);
      const inner = end < 0 ? '' : text.slice(begin + 1, end);
      // Escapes, doubled quotes and breaks are for the npm parser.
      if (end < 0 || !/^[\x20-\x5b\x5d-\x7e]*$/.test(inner)) throw BEYOND;
      this.#at = end + 1;
      return inner;
    }
    for (let code = first; ; code = text.charCodeAt(++this.#at)) {
      if (isWord(code) || code === 0x2e || code === 0x2f || code === DASH) continue;
      const next = code === COLON ? text.charCodeAt(this.#at + 1) : 0;
      if (code !== COLON || !(isWord(next) || next === COLON)) break;
    }
    const code = this.#code();
    if (this.#at === begin || !(code === SPACE || code === LF || (flow && isFlowEnd(code)))) throw BEYOND;
    const value = scalarOf(text.slice(begin, this.#at));
    if (value === undefined) throw BEYOND;
    return value;
  }
}

const isFlowEnd = (code: number): boolean => code === COMMA || code === CLOSE_LIST || code === CLOSE_MAP;

/** The value, or the offset at which the text leaves the plain form. Never throws. */
export function readPlainly(text: string): { readonly value: unknown } | { readonly beyond: number } {
  if (text.includes('\r')) return { beyond: text.indexOf('\r') };
  if (!text.endsWith('\n')) return { beyond: text.length };
  const reader = new PlainReader(text);
  try {
    return { value: reader.document() };
  } catch (error) {
    if (error === BEYOND) return { beyond: reader.at };
    throw error;
  }
}

/** Undefined when the text is not in the plain form, or too long. Never throws. */
export function readPlain(text: string, maxLength: number): Read | undefined {
  if (text.length > maxLength) return undefined;
  const read = readPlainly(text);
  return 'value' in read ? { ok: true, value: read.value, tokens: 0 } : undefined;
}
