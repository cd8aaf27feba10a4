import { isMap, isScalar, LineCounter, parseDocument as parseYaml, visit } from 'yaml';
import type { Fault } from './error.ts';
import { scanYaml } from './yamlScan.ts';

/** `message`: characters of what the parser says, which may quote the text. */
const BOUNDS = { aliases: 100, faults: 20, message: 200 } as const;

/** `tokens`: of the whole text. */
export type Read =
  | { readonly ok: true; readonly value: unknown; readonly tokens: number }
  | { readonly ok: false; readonly faults: Fault[] };

const at = (counter: LineCounter, offset: number): string => {
  const { line, col } = counter.linePos(offset);
  return `line ${line}, column ${col}`;
};

const lineOf = (text: string, offset: number): string => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + 80)).trim();
};

/** Where an offset stands, for people, and what stands there. */
export function lineAt(text: string, offset: number): Pick<Fault, 'path' | 'value'> {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) line += 1;
  return { path: `line ${line}, column ${offset - start + 1}`, value: lineOf(text, offset) };
}

const shortened = (message: string): string =>
  message.length <= BOUNDS.message ? message : `${message.slice(0, BOUNDS.message - 1)}…`;

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

/**
 * Reads one YAML 1.2 or JSON document; duplicate keys are looked for in linear time (the npm parser compares every pair).
 * All syntax faults (at most 20 of them) with line and column as their path. Never throws.
 */
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
    const { tokens, beyond: wild } = scanYaml(text);
    if (wild !== undefined) return refuse(at(counter, wild.offset), lineOf(text, wild.offset), wild.remedy);
    const document = parseYaml(text, { uniqueKeys: false, stringKeys: true, prettyErrors: false, logLevel: 'error' });
    const said = [...document.errors, ...document.warnings].slice(0, BOUNDS.faults).map((error) => ({
      path: at(counter, error.pos[0]),
      value: lineOf(text, error.pos[0]),
      remedy: `write valid YAML: ${shortened(error.message)}`,
    }));
    const faults = said.length > 0 ? said : duplicateKeys(document, counter).slice(0, BOUNDS.faults);
    if (faults.length > 0) return { ok: false, faults };
    return { ok: true, value: document.toJS({ maxAliasCount: BOUNDS.aliases }), tokens };
  } catch (error) {
    // Unresolved or multiplying aliases, and nesting beyond the stack.
    const message = error instanceof Error ? error.message : String(error);
    return refuse('document', lineOf(text, 0), `write it without aliases and deep nesting: ${shortened(message)}`);
  }
}
