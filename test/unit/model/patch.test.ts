import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { LIMITS } from '../../../src/model/document.ts';
import { TandemError } from '../../../src/model/error.ts';
import { parseDocument, patchDocument } from '../../../src/model/parseDocument.ts';
import type { Patch } from '../../../src/model/patch.ts';
import { patchText } from '../../../src/model/patchText.ts';
import { EXAMPLE } from './example.ts';

const right = (text: string) => {
  const read = parseDocument(text);
  assert.ok(read.ok, JSON.stringify(read));
  return read.document;
};

const patched = (text: string, ...patches: Patch[]): string => patchText(text, patches, LIMITS.text);
const weight = (value: number): Patch => ({ service: 'web', server: 's2', field: 'weight', value });

test('a field that stands there is changed by its own characters, and everything else stays as it was written', () => {
  assert.equal(
    patched(EXAMPLE, weight(7)),
    EXAMPLE.replace('192.0.2.12, port: 8080, weight: 1', '192.0.2.12, port: 8080, weight: 7'),
  );
  const scheduler: Patch = { service: 'web', field: 'scheduler', value: 'wlc' };
  assert.equal(patched(EXAMPLE, scheduler), EXAMPLE.replace('scheduler: rr', 'scheduler: wlc'));
  const block = EXAMPLE.replace(/- { name: s2, address: 192.0.2.12, port: 8080, weight: 1 }/, (line) =>
    line.replace('- { ', '- ').replaceAll(', ', '\n        ').replace(' }', '  # half'),
  );
  assert.equal(patched(block, weight(5)), block.replace('weight: 1  # half', 'weight: 5  # half'));
});

test('a field that is missing is put in beside the others, comments stay', () => {
  const patch: Patch = { service: 'echo', server: 's1', field: 'weight', value: 3 };
  assert.equal(
    patched(EXAMPLE, patch),
    EXAMPLE.replace('{ type: tcp, port: 8080 }\n    servers:\n      - { name: s1, address: 192.0.2.11 }', (all) =>
      all.replace('192.0.2.11 }', '192.0.2.11, weight: 3 }'),
    ),
  );
  const slow: Patch = { service: 'web', field: 'slow_start_s', value: 30 };
  assert.equal(patched(EXAMPLE, slow), EXAMPLE.replace('- name: web\n', '- name: web\n    slow_start_s: 30\n'));
});

test('a field that is left out, an aliased one and a text in JSON mean what they should', () => {
  const out: Patch = { service: 'web', field: 'scheduler', value: null };
  const left = patched(EXAMPLE, out);
  assert.equal(parse(left).services[0].scheduler, undefined);
  assert.match(left, /# Long-lived connections/);
  const tied = EXAMPLE.replace('weight: 1 }', 'weight: &w 1 }').replace(
    'port: 8080, weight: 1 }',
    'port: 8080, weight: *w }',
  );
  assert.deepEqual(
    parse(patched(tied, { ...weight(4), server: 's1' })).services[0].servers.map(
      (one: { weight: number }) => one.weight,
    ),
    [4, 1, 1],
  );
  const json = JSON.stringify(parse(EXAMPLE));
  assert.equal(parse(patched(json, weight(9))).services[0].servers[1].weight, 9);
});

const words = <T extends string>(...all: T[]) => fc.constantFrom(...all);
const patch: fc.Arbitrary<Patch> = fc.oneof(
  fc.record({
    service: words('web', 'echo', 'hold'),
    server: words('s1', 's2', 's3'),
    field: words('weight', 'weight', 'weight', 'u_threshold', 'forwarding', 'port', 'address', 'name', 'nonsense'),
    value: fc.oneof(
      fc.nat(3),
      words('direct', 's1', '192.0.2.12', '192.0.2.200', '', 'a: b'),
      fc.constant(null),
      fc.constant(-1),
    ),
  }),
  fc.record({
    service: words('web', 'echo', 'hold'),
    field: words(
      'scheduler',
      'port',
      'quorum',
      'slow_start_s',
      'check.interval_ms',
      'check',
      'persistence_s',
      'servers',
    ),
    value: fc.oneof(fc.nat(2_000), words('wlc', 'sed', 'no'), fc.constant(null), fc.boolean()),
  }),
);

const flowing = EXAMPLE.replaceAll('weight: 1', 'weight: "1"').replaceAll('"1"', '1');
const texts = [
  EXAMPLE,
  stringify(parse(EXAMPLE)),
  JSON.stringify(parse(EXAMPLE)),
  flowing.replaceAll('    servers:\n', '    servers:  # all\n'),
];

test('a patched document is judged as the whole text with the patch in it would be', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(patch, { minLength: 1, maxLength: 8 }), (base, patches) => {
      let [text, document] = [base, right(base)];
      for (const one of patches) {
        let parsed: ReturnType<typeof parseDocument>;
        try {
          parsed = patchDocument(document, one).parsed;
        } catch (error) {
          assert.ok(error instanceof TandemError && error.code === 'not-found');
          continue;
        }
        const written = patched(text, one);
        assert.deepEqual(parsed, parseDocument(written), written);
        if (parsed.ok) [text, document] = [written, parsed.document];
        if (parsed.ok) taken += 1;
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(taken > 50);
});

test('a weight by which its service is no longer right, or better not so, is told as in the whole text', () => {
  const servers = ['s1', 's2', 's3'];
  const tens = EXAMPLE.replaceAll('weight: 1 }', 'weight: 10 }').replace(
    '- name: web\n',
    '- name: web\n    slow_start_s: 30\n    sorry_server: { address: 192.0.2.99 }\n    quorum: 12\n',
  );
  const said = new Set<string>();
  let [text, document] = [tens, right(tens)];
  for (const value of [9, 0, 70_000, -1, 1.5]) {
    for (const server of servers) {
      const one: Patch = { service: 'web', server, field: 'weight', value };
      const { parsed } = patchDocument(document, one);
      const written = patched(text, one);
      assert.deepEqual(parsed, parseDocument(written), written);
      for (const { path } of parsed.ok ? parsed.warnings : parsed.faults) said.add(path);
      if (parsed.ok) [text, document] = [written, parsed.document];
    }
  }
  assert.deepEqual([...said].filter((path) => path.startsWith('services[0]')).sort(), [
    ...[
      'services[0].quorum',
      'services[0].servers',
      ...servers.map((_, index) => `services[0].servers[${index}].weight`),
    ],
    'services[0].slow_start_s',
  ]);
});

test('several patches at once are one after the other', () => {
  const many = [weight(2), weight(3), { service: 'hold', field: 'scheduler', value: 'lc' } as const];
  assert.equal(
    patched(EXAMPLE, ...many),
    many.reduce((text, one) => patched(text, one), EXAMPLE),
  );
});

test('who names what is not there is told what is', () => {
  const document = right(EXAMPLE);
  for (const [one, remedy] of [
    [{ ...weight(1), service: 'wen' }, 'there are web, echo, hold'],
    [{ ...weight(1), server: 's9' }, 'there are s1, s2, s3'],
  ] as const) {
    assert.throws(
      () => patchDocument(document, one),
      (error: TandemError) => error.code === 'not-found' && error.remedy === remedy,
    );
  }
});

test('a changed weight leaves every other service the same object', () => {
  const document = right(EXAMPLE);
  const { parsed, index, was } = patchDocument(document, weight(8));
  assert.ok(parsed.ok);
  assert.deepEqual([index, was], [0, 1]);
  assert.deepEqual(
    parsed.document.services.map((service, at) => service === document.services[at]),
    [false, true, true],
  );
});
