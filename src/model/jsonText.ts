import type { Read } from './yamlText.ts';

/** Mappings within mappings; a document has six. */
const MAX_DEPTH = 16;

/** Every string of a text that is JSON, and whether it is a key (RFC 8259). */
const STRING = /"(?:[^"\\]|\\.)*"\s*(:?)/g;

/** Undefined when it is nested too deeply. */
function countKeys(value: unknown, depth = 0): number | undefined {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= MAX_DEPTH) return undefined;
  let sum = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const part of Object.values(value)) {
    const inner = countKeys(part, depth + 1);
    if (inner === undefined) return undefined;
    sum += inner;
  }
  return sum;
}

function keysIn(text: string): number {
  let keys = 0;
  for (const [, colon] of text.matchAll(STRING)) if (colon === ':') keys += 1;
  return keys;
}

/**
 * Reads a mapping written as JSON. Undefined for whatever is not right as JSON, or has a key twice: the YAML reader says with
 * line and column what is wrong with it. Never throws.
 */
export function readJson(text: string, maxLength: number): Read | undefined {
  if (text.length > maxLength || !/^\s*\{/.test(text) || text.includes('__proto__')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const keys = countKeys(value);
  return keys !== undefined && keys === keysIn(text) ? { ok: true, value, tokens: 0 } : undefined;
}
