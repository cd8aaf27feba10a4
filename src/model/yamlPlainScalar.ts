/** Words that are no text (YAML 1.2, section 10.3.2). */
const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Of a number: so many digits are exact. */
const MAX_DIGITS = 15;

/** IPv4 addresses, networks, and ranges of ports: begin with a digit and are no numbers. */
const DOTTED = /^(?:\d+\.\d+\.\d+\.\d+(?:\/\d+)?|\d+-\d+)$/;

/**
 * What a plain word without spaces means by the core schema: text, a decimal number, null or a flag. Undefined for what
 * takes a closer look (signs, fractions, other bases, a leading zero).
 */
export function scalarOf(word: string): string | number | boolean | null | undefined {
  const first = word.charCodeAt(0);
  if (!isDigit(first)) {
    if (!/^[A-Za-z_/]/.test(word)) return undefined;
    const meant = WORDS.get(word);
    return meant === undefined ? word : meant;
  }
  let at = 1;
  while (isDigit(word.charCodeAt(at))) at += 1;
  if (at === word.length) return at <= MAX_DIGITS && (first !== 0x30 || at === 1) ? Number(word) : undefined;
  return DOTTED.test(word) || word.includes(':') ? word : undefined;
}
