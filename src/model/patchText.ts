import { type Document, isMap, isScalar, parseDocument as parseYaml } from 'yaml';
import { canonical } from './document.ts';
import { type Patch, type Patched, patchedValue } from './patch.ts';
import { readText } from './readText.ts';
import { remember } from './yamlAgain.ts';
import { scalarOf } from './yamlPlainScalar.ts';

/**
 * Patches written into a document's text. Everything else of it stays as it was written, comments too: only the field's own
 * characters are replaced, or a line for it is put in. Where a text does not allow that, its service is written
 * anew, and at worst the whole as JSON; it always means what the patches say.
 */
export function patchText(text: string, patches: readonly Patch[], maxLength: number): string {
  const read = readText(text, maxLength);
  if (!read.ok) throw new RangeError('a text that was taken once does not read');
  let { value } = read;
  let made: string | undefined = text;
  for (const patch of patches) {
    const patched = patchedValue(value, patch);
    if (patched.value === value) continue;
    if (made !== undefined) made = withPatch(made, value, patched, patch.value);
    value = patched.value;
  }
  if (made !== undefined && means(made, value, maxLength)) return made;
  return `${JSON.stringify(value)}\n`;
}

function means(text: string, value: unknown, maxLength: number): boolean {
  const read = readText(text, maxLength);
  return read.ok && canonical(read.value) === canonical(value);
}

type Path = readonly (string | number)[];

function withPatch(text: string, value: unknown, { index, path }: Patched, to: Patch['value']): string | undefined {
  const known = remember(text, value, 0);
  const begin = known?.starts[index] ?? 0;
  const end = known === undefined ? text.length : (known.starts[index + 1] ?? known.end);
  const chunk = text.slice(begin, end);
  const document = parseYaml(chunk, { uniqueKeys: false, stringKeys: true, logLevel: 'error' });
  if (document.errors.length > 0) return undefined;
  const at: Path = known === undefined ? ['services', index, ...path] : [0, ...path];
  const next = spliced(chunk, document, at, to) ?? written(document, at, to, known?.indent ?? 0);
  return text.slice(0, begin) + next + text.slice(end);
}

/** Undefined when there is no place for it by itself. */
function spliced(chunk: string, document: Document, path: Path, to: Patch['value']): string | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const key = path.at(-1);
  if (!isMap(parent) || to === null) return undefined;
  const entry = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (entry !== undefined) {
    if (!isScalar(entry.value) || !entry.value.range || entry.value.source === '') return undefined;
    const [from, behind] = entry.value.range;
    return chunk.slice(0, from) + printed(to) + chunk.slice(behind);
  }
  const [first, last] = [parent.items[0], parent.items.at(-1)];
  if (parent.flow === true) {
    if (!isScalar(last?.value) || !last.value.range) return undefined;
    const behind = last.value.range[1];
    return `${chunk.slice(0, behind)}, ${key}: ${printed(to)}${chunk.slice(behind)}`;
  }
  if (!isScalar(first?.key) || !first.key.range || !isScalar(first.value) || !first.value.range) return undefined;
  const start = first.key.range[0];
  const column = start - (chunk.lastIndexOf('\n', start) + 1);
  const line = chunk.indexOf('\n', first.value.range[1]);
  if (line < 0) return undefined;
  return `${chunk.slice(0, line)}\n${' '.repeat(column)}${key}: ${printed(to)}${chunk.slice(line)}`;
}

/** The service in the writer's own form, comments included. */
function written(document: Document, path: Path, to: Patch['value'], indent: number): string {
  if (to === null) document.deleteIn(path);
  else document.setIn(path, to);
  return document.toString({ lineWidth: 0 }).replace(/^(?=[^\n])/gm, ' '.repeat(indent));
}

const printed = (value: Exclude<Patch['value'], null>): string =>
  typeof value === 'string' && scalarOf(value) === value && /^[\w./-]+$/.test(value) ? value : JSON.stringify(value);
