import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPlain } from '../../../src/model/yamlPlain.ts';
import { readYaml } from '../../../src/model/yamlText.ts';
import { documentText } from '../../bench/apply/table.ts';
import { EXAMPLE } from './example.ts';

const MAX = 1_000_000;
const npmRead = (text: string): unknown => {
  const read = readYaml(text, MAX);
  assert.ok(read.ok, text);
  return read.value;
};
const docs = join(import.meta.dirname, '../../../docs');

test('documents as people and benches write them are in the plain form, and mean the same', () => {
  const texts = [
    EXAMPLE,
    ...['example.yaml', 'example-node.yaml'].map((name) => readFileSync(join(docs, name), 'utf8')),
  ];
  for (const text of [...texts, documentText({ services: 3, servers: 4 }, 7)]) {
    const read = readPlain(text, MAX);
    assert.ok(read?.ok, text);
    assert.deepEqual(read.value, npmRead(text));
  }
});

test('what means more than it seems is left to the npm parser', () => {
  for (const text of [
    'a: 1\na: 2\n',
    'a: b\n  c\n',
    'a: |\n  b\n',
    'a: &x 1\nb: *x\n',
    'a: "\\u0041"\n',
    "a: 'it''s'\n",
    'a: 012\nb: 0x1f\nc: 1e3\nd: 1.5\ne: -1\nf: .5\n',
    'a: b: c\n',
    'a: {b: 1\n',
    'a: {b: 1,\n  c: 2}\n',
    'a:\tb\n',
    'null: 1\n',
    '__proto__: { a: 1 }\n',
    '- a\n-\n',
    'a: 1\n---\nb: 2\n',
    '{ a: 1 }\n',
    'a:\n    b: 1\n  c: 2\n',
    'a: - b\n',
    'a: b #c\r\n',
    'a: b',
    `a:\n${' '.repeat(121)}b: 1\n`,
    `${'k'.repeat(200)}: 1\n`,
  ])
    assert.equal(readPlain(text, MAX), undefined, text);
  assert.equal(readPlain('a: 1\n', 3), undefined);
});

/** One line of something like a document; the words are those that YAML reads in more than one way. */
const word = fc.constantFrom(
  ...[
    'a',
    'web1',
    'null',
    '~',
    'true',
    'No',
    'on',
    '0',
    '7',
    '08',
    '0x1f',
    '1e3',
    '1.5',
    '-1',
    '.inf',
    '1_000',
    '12:30',
  ],
  ...[
    '10.9.0.1',
    '10.9.0.1/24',
    '2001:db8::1',
    '::1',
    'fe80::',
    '80-90',
    '1-2-3',
    '/health',
    '200-299,301',
    'a:b',
    'a::b',
  ],
  ...[
    '""',
    '"a b"',
    "'x'",
    '"\\n"',
    'a#b',
    'a b',
    '*a',
    '&a b',
    '!t a',
    '|',
    '>',
    '%a',
    '@a',
    '`a`',
    '-',
    '- a',
    '?',
    'é',
  ],
  ...[
    '{ a: 1, b: x }',
    '[serial, private]',
    '{}',
    '[]',
    '[a, ]',
    '{a: 1}',
    '{ a }',
    '{ a: }',
    '{ a: [1, { b: 2 }] }',
    '[a:b]',
  ],
  ...['{ "a": 1 }', '{a:1}', '[ a b ]', '{ a: 1 # c }', '999999999999999', '9999999999999999', '<<', '=', ''],
);
const line = fc
  .tuple(
    fc.constantFrom('', '  ', '    ', '      ', ' '),
    fc.constantFrom('', '- ', '-  ', '- - ', '-'),
    fc.constantFrom('', 'a: ', 'b: ', 'cc:  ', 'd:', '"e": ', '1: ', 'f : '),
    word,
    fc.constantFrom('', '', '', ' ', ' # c', '# c', ' #', '\t', '\r'),
  )
  .map((parts) => `${parts.join('')}\n`);

test('whatever the plain reader answers, the npm parser answers too', () => {
  let answered = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const text = lines.join('');
      const plain = readPlain(text, MAX);
      if (plain === undefined) return;
      answered += 1;
      assert.ok(plain.ok);
      assert.deepEqual(plain.value, npmRead(text), text);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(answered > 200, `${answered} of the texts were in the plain form`);
});

test('a document with a few signs changed means the same to both, or is left to the npm parser', () => {
  const base = documentText({ services: 2, servers: 2 }, 7) + EXAMPLE.replace(/^tandem.*\n/m, 'x: 1\n');
  const sign = fc.constantFrom(...' \n:-,{}[]"\'#&*!|>%@`~?0a1._/\t'.split(''));
  const change = fc.tuple(fc.nat(base.length - 1), fc.nat(2), fc.array(sign, { maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
      let text = base;
      for (const [at, gone, signs] of changes) text = text.slice(0, at) + signs.join('') + text.slice(at + gone);
      const plain = readPlain(text, MAX);
      if (plain?.ok) assert.deepEqual(plain.value, npmRead(text), text);
    }),
    { numRuns: 3_000 },
  );
});
