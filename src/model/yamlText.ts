import { CST, isMap, isScalar, Lexer, LineCounter, parseDocument as parseYaml, visit } from 'yaml';
import type { Fault } from './error.ts';

/**
 * Reads YAML 1.2 or JSON that a stranger may have written. The npm parser needs minutes for a megabyte of some nonsense
 * (nested explicit keys, endless errors, 40,000 keys in one mapping), and the controller has milliseconds: a scan of the
 * tokens refuses such text first, and duplicate keys are looked for here in linear time.
 */

const BOUNDS = { tokens: 600_000, depth: 32, dashes: 4, indent: 120, aliases: 100, faults: 20 } as const;

export type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly faults: Fault[] };

const at = (counter: LineCounter, offset: number): string => {
  const { line, col } = counter.linePos(offset);
  return `line ${line}, column ${col}`;
};

const lineOf = (text: string, offset: number): string => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + 80)).trim();
};

/** What the lexer says before a plain or block scalar, a document, and an unclosed flow; none of it stands in the text. */
const [CONTENT_NEXT, DOCUMENT, FLOW_ERROR] = ['\u001f', '\u0002', '\u0018'];

/** Where the text leaves what a configuration can look like; undefined when it stays inside. */
function beyond(text: string): { readonly offset: number; readonly remedy: string } | undefined {
  let [offset, tokens, flow, dashes, decorations] = [0, 0, 0, 0, 0];
  let content = false;
  for (const token of new Lexer().lex(text)) {
    tokens++;
    if (tokens > BOUNDS.tokens) return { offset, remedy: `write it shorter: more than ${BOUNDS.tokens} tokens` };
    if (token === CONTENT_NEXT) content = true;
    if (token === CONTENT_NEXT || token === DOCUMENT || token === FLOW_ERROR) continue;
    const type = content ? 'content' : CST.tokenType(token);
    content = false;
    if (type === 'explicit-key-ind')
      return { offset, remedy: 'write keys as "name: value", not after a question mark' };
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow++;
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow--;
    if (type !== 'space') {
      dashes = type === 'seq-item-ind' ? dashes + 1 : 0;
      decorations = type === 'anchor' || type === 'tag' ? decorations + 1 : 0;
    }
    if (flow > BOUNDS.depth || dashes > BOUNDS.dashes) return { offset, remedy: 'nest less deeply' };
    if (decorations > 2) return { offset, remedy: 'leave the tags and anchors out' };
    const indents = type === 'space' && flow === 0 && (offset === 0 || text[offset - 1] === '\n');
    if (indents && token.length > BOUNDS.indent)
      return { offset, remedy: `indent by at most ${BOUNDS.indent} columns` };
    offset += token.length;
  }
  return undefined;
}

function duplicateKeys(document: ReturnType<typeof parseYaml>, counter: LineCounter): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Map(_, map) {
      if (!isMap(map)) return;
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const path = at(counter, key.range?.[0] ?? 0);
          faults.push({
            path,
            value: name.slice(0, 80),
            remedy: `"${name.slice(0, 40)}" stands here twice; keep one of them`,
          });
        }
        seen.add(name);
      }
    },
  });
  return faults;
}

/** Reads one document; all syntax faults (at most 20 of them) with line and column as their path. Never throws. */
export function readYaml(text: string, maxLength: number): Read {
  const refuse = (path: string, value: string, remedy: string): Read => ({
    ok: false,
    faults: [{ path, value, remedy }],
  });
  if (text.length > maxLength) {
    return refuse('document', `${text.length} characters`, `give at most ${maxLength} characters`);
  }
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) counter.addNewLine(i + 1);
  try {
    const wild = beyond(text);
    if (wild !== undefined) return refuse(at(counter, wild.offset), lineOf(text, wild.offset), wild.remedy);
    const document = parseYaml(text, { uniqueKeys: false, stringKeys: true, prettyErrors: false, logLevel: 'silent' });
    const said = [...document.errors, ...document.warnings].slice(0, BOUNDS.faults).map((error) => ({
      path: at(counter, error.pos[0]),
      value: lineOf(text, error.pos[0]),
      remedy: `write valid YAML: ${error.message}`,
    }));
    const faults = said.length > 0 ? said : duplicateKeys(document, counter).slice(0, BOUNDS.faults);
    if (faults.length > 0) return { ok: false, faults };
    return { ok: true, value: document.toJS({ maxAliasCount: BOUNDS.aliases }) };
  } catch (error) {
    // Unresolved or multiplying aliases, and nesting beyond the stack.
    const message = error instanceof Error ? error.message : String(error);
    return refuse('document', lineOf(text, 0), `write it without aliases and deep nesting: ${message}`);
  }
}
