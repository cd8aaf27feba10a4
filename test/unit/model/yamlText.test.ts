import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml } from '../../../src/model/yamlText.ts';

const MAX = 1_000_000;

const refusal = (text: string) => {
  const read = readYaml(text, MAX);
  return read.ok ? 'read' : `${read.faults[0]?.path}: ${read.faults[0]?.remedy}`;
};

test('YAML 1.2 and JSON are read', () => {
  for (const [text, value] of [
    ['a: 1\nb: [x, 2, true, null]\n', { a: 1, b: ['x', 2, true, null] }],
    ['{"a":\t1,\n\t"b": "\\u00e9"}', { a: 1, b: 'é' }],
    ['a: &x {k: 1}\nb: *x\n', { a: { k: 1 }, b: { k: 1 } }],
    ['"a": "x\\t\\u00e9\\U0001F600\\\\"\n"b": \'y\'\n', { a: 'x\té😀\\', b: 'y' }],
    ['a: yes\nb: 010\n', { a: 'yes', b: 10 }],
    ['a: |\n  one\n   two\n', { a: 'one\n two\n' }],
    [`a: |\n${' '.repeat(200)}deep\n`, { a: 'deep\n' }],
    ['', null],
    ['# only a comment\r\n', null],
  ] as const) {
    const read = readYaml(text, MAX);
    assert.deepEqual(read.ok ? read.value : read.faults, value, text);
  }
});

test('syntax faults say line and column, and show the line', () => {
  const read = readYaml('name: rack\nfloats: [1\nnodes: 2\n', MAX);
  assert.ok(!read.ok);
  assert.match(read.faults[0]?.path ?? '', /^line 3, column \d+$/);
  assert.equal(read.faults[0]?.value, 'nodes: 2');
  assert.match(read.faults[0]?.remedy ?? '', /^write valid YAML: /);
});

test('what could be read in two ways is refused', () => {
  assert.match(refusal('a: 1\nb:\n  c: 1\n  c: 2\n'), /^line 4, column 3: "c" stands here twice; keep one of them$/);
  assert.match(refusal('{"a": 1, "a": 1}'), /"a" stands here twice/);
  assert.match(refusal('1: x\n"1": y\n'), /"1" stands here twice/);
  assert.match(refusal('a: 1\n---\nb: 2\n'), /multiple documents/);
  assert.match(refusal('a: !env HOME\n'), /Unresolved tag/);
  assert.match(refusal('[a]: 1\n'), /keys must be strings/);
  assert.equal(refusal('a:\n- - - - - x\n'), 'line 2, column 9: nest less deeply');
  assert.equal(refusal(`a: ${'['.repeat(40)}${']'.repeat(40)}`), 'line 1, column 36: nest less deeply');
  assert.match(refusal('? a\n: b\n'), /line 1, column 1: write keys as/);
  assert.match(refusal('a: &x &y &z 1\n'), /leave the tags and anchors out/);
  assert.match(refusal('a: *nothing\n'), /Unresolved alias/);
  assert.equal(refusal('a: "x" "y"\n'), 'line 1, column 8: put a comma or a colon between two texts');
  assert.equal(refusal('a: "C:\\qux"\n'), 'line 1, column 4: write a backslash twice inside double quotes');
});

test('a key named like a piece of JavaScript is only a key', () => {
  const read = readYaml('__proto__: {polluted: 1}\nconstructor: 2\n', MAX);
  assert.ok(read.ok);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
  assert.deepEqual(Object.keys(read.value as object), ['__proto__', 'constructor']);
});

test('a megabyte of nonsense is answered at once: no stack, no minutes', () => {
  const n = (text: string): string => text.repeat(Math.floor(MAX / text.length));
  const bomb = `a: &a [x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((key, i) => `${key}: &${key} [${`*${'abcdefghi'[i]},`.repeat(8)}]`).join('\n')}\n`;
  const nonsense: Record<string, string> = {
    'flow sequences': n('['),
    'flow mappings': n('{a: '),
    'nested dashes': n('- '),
    'explicit keys': n('? '),
    'explicit keys in flow': `{${n('? a, ').slice(0, MAX - 2)}`,
    'bad escapes': `"${n('\\x').slice(0, MAX - 2)}`,
    'many keys': Array.from({ length: 70_000 }, (_, i) => `k${i}: 1`).join('\n'),
    anchors: n('&a '),
    tags: n('!a '),
    aliases: n('*a '),
    'alias bomb': bomb,
    'deeper lines': Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}a:`)
      .join('\n')
      .slice(0, MAX),
    colons: n(': '),
    documents: n('---\n'),
    directives: n('%\n'),
    reserved: n('@\n'),
    zeros: n('\u0000'),
    tabs: n('\t'),
    quotes: n('"'),
    comments: n('# x\n'),
    'too long': 'x'.repeat(MAX + 1),
    surrogates: n('\ud800'),
  };
  for (const [what, text] of Object.entries(nonsense)) {
    const started = performance.now();
    const read = readYaml(text, MAX);
    const took = performance.now() - started;
    assert.ok(took < 20_000, `${what} took ${Math.round(took)} ms`);
    if (read.ok) continue;
    assert.ok(read.faults.length <= 20, what);
    for (const { path, value, remedy } of read.faults)
      assert.ok(path !== '' && value.length <= 80 && remedy !== '', what);
  }
  assert.equal(readYaml(bomb, MAX).ok, false);
});
