import { readPlain } from './yamlPlain.ts';
import { BOUNDS } from './yamlScan.ts';
import { readYaml } from './yamlText.ts';

/**
 * Reading a text that is another one save for a few lines of one of its services: only that service is read. Ten thousand
 * servers take the npm parser about a second, and a day's change is one of them.
 */

/** A text that was read, and where its services stand in it. */
export interface ReadText {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>> & { readonly services: readonly unknown[] };
  /** Columns before the dash of each service. */
  readonly indent: number;
  /** Offset of each service's line with the dash. */
  readonly starts: readonly number[];
  /** Offset behind the last service. */
  readonly end: number;
  /** No fewer than the tokens of the text (yamlScan.ts). */
  readonly tokens: number;
}

/** What could tie a service to another place of the text: anchors, aliases, tags, several documents. Tabs count no columns. */
const TIES = /[&*!\t\r]|^(?:---|\.\.\.|%)/m;
const KEY = /^services:[ ]*(?:#.*)?\n/m;

/** What to remember of a text that was read well; undefined when its services cannot be told apart line by line. */
export function remember(text: string, value: unknown, tokens: number): ReadText | undefined {
  if (typeof value !== 'object' || value === null || !text.endsWith('\n') || TIES.test(text)) return undefined;
  const { services } = value as Record<string, unknown>;
  const key = KEY.exec(text);
  if (!Array.isArray(services) || services.length === 0 || key === null) return undefined;
  const first = /^( *)- /m.exec(text.slice(key.index + key[0].length));
  if (first === null) return undefined;
  const begin = key.index + key[0].length;
  const indent = first[1]!.length;
  const starts: number[] = [];
  let end = text.length;
  for (let at = begin; at < text.length; ) {
    const next = text.indexOf('\n', at) + 1;
    const column = columnOf(text, at);
    if (column === indent && text.startsWith('- ', at + indent)) starts.push(at);
    else if (column !== undefined && column <= indent) {
      end = at;
      break;
    }
    at = next;
  }
  if (starts.length !== services.length) return undefined;
  return { text, value: value as ReadText['value'], indent, starts, end, tokens };
}

/** Of the line's first character that means something; undefined of a blank line and of one with only a comment. */
function columnOf(text: string, line: number): number | undefined {
  let at = line;
  while (text[at] === ' ') at += 1;
  return text[at] === '\n' || text[at] === '#' ? undefined : at - line;
}

/** Characters that both begin with. */
function commonStart(one: string, other: string): number {
  let [low, high] = [0, Math.min(one.length, other.length)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (one.slice(low, middle) === other.slice(low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Characters that both end with, `most` of them at most. */
function commonEnd(one: string, other: string, most: number): number {
  let [low, high] = [0, most];
  const part = (text: string, from: number, to: number): string => text.slice(text.length - to, text.length - from);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (part(one, low, middle) === part(other, low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The service that holds everything in which the two texts differ; undefined when there is none. */
function changedService(
  before: ReadText,
  text: string,
): { readonly index: number; readonly chunk: string } | undefined {
  const start = commonStart(before.text, text);
  const rest = Math.min(before.text.length, text.length) - start;
  const oldEnd = before.text.length - commonEnd(before.text, text, rest);
  let index = before.starts.length - 1;
  while (index >= 0 && before.starts[index]! + before.indent + 2 > start) index -= 1;
  if (index < 0) return undefined;
  const chunkEnd = before.starts[index + 1] ?? before.end;
  // The line break that ends the service stays as it is, so that nothing of it runs into what follows.
  if (oldEnd >= chunkEnd) return undefined;
  return { index, chunk: text.slice(before.starts[index], text.length - (before.text.length - chunkEnd)) };
}

/** Every line but the first lies deeper than the dash, so that the chunk is one entry of the list and nothing else. */
function isOneEntry(chunk: string, indent: number): boolean {
  if (TIES.test(chunk)) return false;
  for (let at = chunk.indexOf('\n') + 1; at < chunk.length; at = chunk.indexOf('\n', at) + 1) {
    const column = columnOf(chunk, at);
    if (column !== undefined && column <= indent) return false;
  }
  return true;
}

/** The same without words that are cut out of the whole text and would keep it in memory. */
const apart = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Undefined when the text has to be read as a whole: it differs in more, or the change is not right by itself. */
export function readChange(before: ReadText, text: string, maxLength: number): ReadText | undefined {
  if (text === before.text) return before;
  if (text.length > maxLength || !text.endsWith('\n')) return undefined;
  const changed = changedService(before, text);
  if (changed === undefined || !isOneEntry(changed.chunk, before.indent)) return undefined;
  const { index, chunk } = changed;
  const read = readPlain(chunk, maxLength) ?? readYaml(chunk, maxLength);
  if (!read.ok || before.tokens + read.tokens > BOUNDS.tokens || !Array.isArray(read.value) || read.value.length !== 1)
    return undefined;
  const shift = text.length - before.text.length;
  return {
    ...{ text, indent: before.indent, tokens: before.tokens + read.tokens, end: before.end + shift },
    value: { ...before.value, services: before.value.services.with(index, apart(read.value[0])) },
    starts: before.starts.map((start, which) => (which > index ? start + shift : start)),
  };
}
