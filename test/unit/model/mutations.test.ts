import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { type Draft, draft, EXAMPLE } from './example.ts';

const SEED = 20_261_122;
const COUNT = 1_000;

/** Mulberry32: a small generator whose seed reproduces a run. */
function generator(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)] as T };
}

type Chance = ReturnType<typeof generator>;
type Slot = { readonly parent: Draft; readonly key: string | number };

function slots(value: Draft): Slot[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((name) => {
    const key = Array.isArray(value) ? Number(name) : name;
    return [{ parent: value, key }, ...slots(value[key])];
  });
}

const WRONG: readonly unknown[] = [
  null,
  true,
  '',
  'x',
  -1,
  0.5,
  65_536,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [],
  {},
  [[]],
  { a: 1 },
  '192.0.2.256/24',
  '::1',
  '０',
  'eth0:1',
  '\u0000\u001b[2J',
  'x'.repeat(5_000),
];

/** Each makes one thing of the example wrong, or at least other. */
const MUTATIONS: Record<string, (chance: Chance) => string> = {
  type(chance) {
    const document = draft();
    const { parent, key } = chance.pick(slots(document));
    parent[key] = chance.pick(WRONG);
    return stringify(document);
  },
  deletion(chance) {
    const document = draft();
    const { parent, key } = chance.pick(slots(document));
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    return stringify(document);
  },
  'unknown key'(chance) {
    const document = draft();
    const objects = [document, ...slots(document).map(({ parent, key }) => parent[key])].filter(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    );
    const known = chance.pick(slots(document).map(({ key }) => String(key)));
    chance.pick(objects)[chance.pick([`${known}s`, known.slice(1), known.toUpperCase(), '__proto__x', '', 'ü'])] = 1;
    return JSON.stringify(document);
  },
  range(chance) {
    const document = draft();
    const { parent, key } = chance.pick(slots(document).filter((slot) => typeof slot.parent[slot.key] === 'number'));
    parent[key] = chance.pick([-1, 0, 65_536, 2 ** 31, 2 ** 53, 1e21, parent[key] + 0.5]);
    return JSON.stringify(document);
  },
  address(chance) {
    const document = draft();
    const { parent, key } = chance.pick(slots(document).filter((slot) => /^\d+\./.test(String(slot.parent[slot.key]))));
    parent[key] = String(parent[key]).replace(/\d+/g, (part) =>
      chance.below(3) === 0 ? String(chance.below(300)) : part,
    );
    return stringify(document);
  },
  twice(chance) {
    const document = draft();
    const list = chance.pick([document.services, ...document.services.map((service: Draft) => service.servers)]);
    list.push(chance.pick(list));
    return JSON.stringify(document);
  },
  characters(chance) {
    const at = chance.below(EXAMPLE.length);
    const what = chance.pick([
      '',
      '\t',
      '{',
      '}',
      '[',
      ']',
      ':',
      ' ',
      '\n',
      '"',
      "'",
      '&a ',
      '*a',
      '!t ',
      '|',
      '%',
      '\u0000',
      '- ',
    ]);
    return EXAMPLE.slice(0, at) + what + EXAMPLE.slice(at + chance.below(4));
  },
  'cut off'(chance) {
    return EXAMPLE.slice(0, chance.below(EXAMPLE.length));
  },
  'lines moved'(chance) {
    const lines = EXAMPLE.split('\n');
    const [line = ''] = lines.splice(chance.below(lines.length), 1);
    lines.splice(chance.below(lines.length), 0, chance.pick(['', ' ', '    ']) + line);
    return lines.join('\n');
  },
};

test(`${COUNT} mutated documents: none crashes, and each refusal names path, value and remedy`, (context) => {
  const chance = generator(SEED);
  const names = Object.keys(MUTATIONS);
  const refused: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  const paths = new Set<string>();
  for (let run = 0; run < COUNT; run++) {
    const name = names[run % names.length] as string;
    const text = MUTATIONS[name]?.(chance) ?? '';
    const where = `seed ${SEED}, run ${run}, ${name}:\n${text.slice(0, 2000)}`;
    let parsed: ReturnType<typeof parseDocument>;
    try {
      parsed = parseDocument(text);
    } catch (error) {
      assert.fail(`${where}\n${error instanceof Error ? error.stack : error}`);
    }
    if (parsed.ok) continue;
    refused[name] = (refused[name] ?? 0) + 1;
    assert.ok(parsed.faults.length > 0, where);
    for (const { path, value, remedy } of parsed.faults) {
      assert.match(path, /^(document|line \d+, column \d+|[\w[\]."-]+)/, where);
      assert.ok(value !== '' || /^line/.test(path), where);
      assert.ok(value.length <= 80, where);
      assert.match(
        remedy,
        /give|did you mean|known are|write|keep|remove|put|end it|name|leave|nest|indent/,
        `${remedy}\n${where}`,
      );
      assert.doesNotMatch(remedy, /Invalid input|undefined|\[object/, where);
      paths.add(path.replace(/\d+/g, 'N'));
    }
  }
  const total = Object.values(refused).reduce((sum, count) => sum + count, 0);
  context.diagnostic(`${total} of ${COUNT} refused over ${paths.size} paths: ${JSON.stringify(refused)}`);
  for (const name of names) assert.ok((refused[name] ?? 0) > 10, `${name} made almost nothing wrong`);
  assert.ok(total > COUNT / 2);
});
