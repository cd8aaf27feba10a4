/** A strict reader of Prometheus' text format 0.0.4, written from its description. @throws naming the line. */
export interface Parsed {
  readonly type: string;
  readonly help: string;
  readonly samples: Map<string, number>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function labelsOf(text: string, line: string): [string, string][] {
  const pairs: [string, string][] = [];
  let rest = text;
  while (rest !== '') {
    const found = /^([^=]+)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/.exec(rest);
    if (found === null || !LABEL.test(found[1]!)) throw new Error(`labels: ${line}`);
    pairs.push([found[1]!, found[2]!.replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign))]);
    rest = rest.slice(found[0].length);
  }
  return pairs;
}

export function parseExposition(text: string): Map<string, Parsed> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Parsed>();
  let help: [string, string] | undefined;
  let current: [string, Parsed] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment?.[1] === 'HELP') {
      help = [comment[2]!, comment[3]!];
      continue;
    }
    if (comment?.[1] === 'TYPE') {
      const [name, type] = [comment[2]!, comment[3]!];
      if (!NAME.test(name) || !/^(counter|gauge)$/.test(type)) throw new Error(`type: ${line}`);
      if (help?.[0] !== name) throw new Error(`no HELP before: ${line}`);
      if (families.has(name)) throw new Error(`a family in two pieces: ${line}`);
      current = [name, { type, help: help[1], samples: new Map() }];
      families.set(...current);
      continue;
    }
    const sample = /^([^{\s]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null || current === undefined || sample[1] !== current[0]) throw new Error(`sample: ${line}`);
    const key = JSON.stringify(Object.fromEntries(labelsOf(sample[2] ?? '', line).sort()));
    if (current[1].samples.has(key)) throw new Error(`twice: ${line}`);
    const value = Number(sample[3]!.replace(/^([+-])Inf$/, '$1Infinity'));
    if (Number.isNaN(value) && sample[3] !== 'NaN') throw new Error(`value: ${line}`);
    current[1].samples.set(key, value);
  }
  return families;
}

export const labels = (pairs: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(pairs).sort()));
