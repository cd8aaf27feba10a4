import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../../src/model/document.ts';
import type { Fault } from '../../../src/model/error.ts';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { documentText } from '../../bench/apply/table.ts';

/** Texts longer than the whole of YAML may be: plain ones and JSON are read, of others it is said where they are not plain. */

const text = documentText({ services: 1_000, servers: 20 }, 10);

const faultsOf = (changed: string): readonly Fault[] => {
  assert.ok(changed.length > LIMITS.yaml);
  const parsed = parseDocument(changed);
  return parsed.ok ? [] : parsed.faults;
};

const PLAIN =
  'a text of more than 1000000 characters has to be JSON, or plain YAML: words, numbers and words in quotes, each within its ' +
  'line, in lists and mappings by indentation or within one line, no key twice';

test('a long plain text is read, whether its last line ends or not', () => {
  assert.deepEqual(faultsOf(text), []);
  const [whole, open] = [parseDocument(text), parseDocument(text.trimEnd())];
  assert.ok(whole.ok && open.ok);
  assert.deepEqual(open.document, whole.document);
});

test('what is not plain in a long text is named by its line', () => {
  const at = text.slice(0, text.indexOf('web500\n')).split('\n').length;
  for (const [wrong, column] of [
    ['"web500', 11],
    ['&a web500', 11],
    ['web500: x', 17],
  ] as const) {
    assert.deepEqual(faultsOf(text.replace('web500\n', `${wrong}\n`)), [
      { path: `line ${at}, column ${column}`, value: `- name: ${wrong}`, remedy: PLAIN },
    ]);
  }
  assert.deepEqual(faultsOf(text.replace('web500\n', 'web500\n    name: again\n')), [
    { path: `line ${at + 1}, column 9`, value: 'name: again', remedy: PLAIN },
  ]);
});

test('a long text with the line ends of another system is told so', () => {
  const [fault] = faultsOf(text.replaceAll('\n', '\r\n'));
  assert.deepEqual([fault?.path, fault?.value], ['line 1, column 10', 'tandem: 1']);
  assert.match(fault?.remedy ?? '', /plain YAML: lines that end with a line feed alone$/);
});

test('long JSON is read as such, and what is wrong with it is said in its own words', () => {
  const services = Array.from({ length: 1_000 }, (_, index) => ({
    name: `web${index}`,
    protocol: 'tcp',
    port: 1_000 + index,
    scheduler: 'wlc',
    check: { type: 'none' },
    servers: Array.from({ length: 20 }, (_, at) => ({ name: `s${at}`, address: `10.9.0.${at + 1}`, port: 8080 })),
  }));
  const json = JSON.stringify({
    tandem: 1,
    name: 'bench',
    floats: { public: { address: '198.51.100.10/24' }, private: { address: '10.9.255.1/16' } },
    nodes: {
      a: { public: '198.51.100.2/24', private: '10.9.255.2/16' },
      b: { public: '198.51.100.3/24', private: '10.9.255.3/16' },
    },
    services,
  });
  assert.deepEqual(faultsOf(json), []);
  assert.match(faultsOf(json.slice(0, -2))[0]?.remedy ?? '', /^write valid JSON: .*position \d+/);
  assert.equal(faultsOf(json.replace('"tandem":1', '"tandem":1,"tandem":1'))[0]?.remedy, 'give every key once');
});
