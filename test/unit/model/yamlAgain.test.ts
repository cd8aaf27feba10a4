import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDocumentReader, parseDocument } from '../../../src/model/parseDocument.ts';
import { type ReadText, readChange, remember } from '../../../src/model/yamlAgain.ts';
import { readYaml } from '../../../src/model/yamlText.ts';
import { EXAMPLE } from './example.ts';

const MAX = 1_000_000;

const HEAD = `tandem: 1
name: rack
floats: { public: { address: 198.51.100.10/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: 198.51.100.1
`;

const service = (n: number): string => `  - name: web${n}
    protocol: tcp
    port: ${1000 + n}
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080, weight: 1 }
      # the old one
      - { name: s2, address: 192.0.2.12, port: 8080, weight: 2 }
`;

const TEXT = `${HEAD}services:\n${[0, 1, 2, 3].map(service).join('')}timeouts: { tcp_s: 800 }\n`;

function known(text: string): ReadText {
  const read = readYaml(text, MAX);
  assert.ok(read.ok);
  const memory = remember(text, read.value, read.tokens);
  assert.ok(memory !== undefined);
  return memory;
}

test('a change within one service is read alone, and every other service is the same object', () => {
  const before = known(TEXT);
  const text = TEXT.replace('port: 1001', 'port: 2001');
  const after = readChange(before, text, MAX);
  assert.ok(after !== undefined);
  const whole = readYaml(text, MAX);
  assert.ok(whole.ok);
  assert.deepEqual(after.value, whole.value);
  assert.deepEqual(
    [0, 1, 2, 3].map((n) => after.value.services[n] === before.value.services[n]),
    [true, false, true, true],
  );
});

test('what touches more than one service, or ties it to another place, is read as a whole', () => {
  const before = known(TEXT);
  for (const text of [
    TEXT.replace('name: rack', 'name: track'),
    TEXT.replaceAll('weight: 2', 'weight: 3'),
    TEXT.replace(service(2), ''),
    TEXT.replace(service(2), service(2) + service(7)),
    TEXT.replace('name: web1', 'name: &x web1'),
    TEXT.replace('port: 1001', 'port: [1001'),
    TEXT.replace('port: 1001', 'port: 1001\n  - name: other'),
    TEXT.replace('port: 1001\n', 'port: 1001\nheartbeat: {}\n'),
    TEXT.replace('port: 1001', 'port:\t1001'),
    TEXT.slice(0, -1),
  ]) {
    assert.notEqual(text, TEXT);
    assert.equal(readChange(before, text, MAX), undefined, text);
  }
});

test('a text is not remembered when its services cannot be told apart line by line', () => {
  for (const text of [
    TEXT.replace('services:\n', 'services: [\n').replace('timeouts', ']\ntimeouts'),
    TEXT.replace('name: web1', 'name: *x').replace('name: web0', 'name: &x web0'),
    `${HEAD}services: []\n`,
    JSON.stringify({ services: [{ name: 'x' }] }),
  ]) {
    assert.equal(remember(text, { services: [{}, {}, {}, {}] }, 1), undefined, text);
  }
});

test('a text that grows piece by piece is read as a whole before it has more tokens than a text may have', () => {
  const before = { ...known(TEXT), tokens: 599_990 };
  assert.equal(readChange(before, TEXT.replace('port: 1001', 'port: 0x7d1'), MAX), undefined);
});

/** Bits of text that turn one document into another, right or wrong. */
const PIECES = [
  ...[
    'weight: 3',
    '\n',
    '  ',
    '- ',
    '    - ',
    'name: s9',
    '{',
    '}',
    '"',
    "'",
    ': ',
    '#',
    ' # x',
    '|',
    '>-\n',
    ',',
    '0',
  ],
  ...['      - { name: s4, address: 192.0.2.44, weight: 7 }\n', 'fallback: x', '&a ', '*a', '---\n', '\t', '? '],
];

const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(12),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.stringMatching(/^[ -~]{0,4}$/)),
});

test('one text after the other is judged as each would be by itself', () => {
  fc.assert(
    fc.property(fc.constantFrom(TEXT, EXAMPLE), fc.array(edit, { minLength: 1, maxLength: 6 }), (base, edits) => {
      const read = createDocumentReader();
      read(base);
      let text = base;
      for (const { at, cut, piece } of edits) {
        const place = at % (text.length + 1);
        const next = text.slice(0, place) + piece + text.slice(place + cut);
        const [again, whole] = [read(next), parseDocument(next)];
        assert.deepEqual(again, whole, next);
        if (whole.ok) text = next;
      }
    }),
    { numRuns: 300 },
  );
});
