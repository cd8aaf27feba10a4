import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from '../../../src/model/jsonText.ts';
import { readYaml } from '../../../src/model/yamlText.ts';

const MAX = 1_000_000;

test('what is read as JSON is what the YAML reader makes of it', () => {
  const value = fc.dictionary(fc.stringMatching(/^[a-z_]{1,6}$/), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (sample, space) => {
      const text = JSON.stringify(sample, null, space);
      const [json, yaml] = [readJson(text, MAX), readYaml(text, MAX)];
      if (json === undefined || !yaml.ok) return;
      assert.deepEqual(json.ok && JSON.stringify(json.value), JSON.stringify(yaml.value));
    }),
    { numRuns: 300 },
  );
});

test('a document is read, with texts that look like keys in it', () => {
  const read = readJson('{"name": "a\\": 1", "list": [{"k": "\\"x\\": {"}]}', MAX);
  assert.deepEqual(read?.ok && read.value, { name: 'a": 1', list: [{ k: '"x": {' }] });
});

test('what is not right as JSON is left to the YAML reader, which says where', () => {
  for (const text of [
    '{"a": 1, "a": 2}',
    '{"a": {"b": 1, "b": 1}}',
    '{a: 1}',
    '[1]',
    'name: rack',
    '{"a": 1',
    '{"__proto__": 1}',
    `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`,
    `{"a": "${'x'.repeat(MAX)}"}`,
  ]) {
    assert.equal(readJson(text, MAX), undefined, text.slice(0, 40));
  }
});
