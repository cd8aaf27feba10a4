import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../../src/model/document.ts';
import type { Fault } from '../../../src/model/error.ts';
import { type Parsed, parseDocument, parseNodeFile } from '../../../src/model/parseDocument.ts';
import { LISTEN_LIMITS } from '../../../src/model/service.ts';
import { draft } from './example.ts';

/** Limits that are no field’s own; those of fields are everyField.test.ts’s. */

const faultsOf = (parsed: Parsed<unknown>): readonly Fault[] => (parsed.ok ? [] : parsed.faults);

test('a text that is too long is refused before it is read, by its length', () => {
  for (const [parse, most] of [
    [parseDocument, LIMITS.text],
    [parseNodeFile, 10_000],
  ] as const) {
    assert.deepEqual(faultsOf(parse('#'.repeat(most + 1))), [
      { path: 'document', value: `${most + 1} characters`, remedy: `give at most ${most} characters` },
    ]);
    assert.doesNotMatch(JSON.stringify(faultsOf(parse('#'.repeat(most)))), /characters"/);
  }
});

test('pairs of address and port range are counted over the whole document', () => {
  const of = (count: number): Parsed<unknown> => {
    const { addresses: a, ports: p } = LISTEN_LIMITS;
    const addresses = Array.from({ length: a }, (_, index) => `203.0.113.${index + 1}`);
    const services: unknown[] = [];
    for (let index = 0, left = count; left > 0; index += 1) {
      const ports = Array.from({ length: Math.min(p, Math.ceil(left / a)) }, (_, which) => 1 + index * p + which);
      left -= a * ports.length;
      services.push({ name: `s${index}`, protocol: 'udp', addresses, ports });
    }
    return parseDocument(JSON.stringify({ ...draft(), services }));
  };
  const pairs = LISTEN_LIMITS.addresses * Math.floor(LIMITS.listening / LISTEN_LIMITS.addresses);
  assert.deepEqual(faultsOf(of(pairs)), []);
  assert.deepEqual(faultsOf(of(pairs + 1)), [
    {
      path: 'services',
      value: `${pairs + LISTEN_LIMITS.addresses} pairs of address and port range`,
      remedy: `give at most ${LIMITS.listening} of them in the whole document; join neighbouring ports to ranges`,
    },
  ]);
});

test('real servers are counted over the whole document', () => {
  const services = [LIMITS.servers / 2, LIMITS.servers / 2 + 1].map((count, index) => ({
    name: `s${index}`,
    protocol: 'tcp',
    port: 1 + index,
    servers: Array.from({ length: count }, (_, at) => ({ name: `r${at}`, address: `10.0.${at >> 8}.${at & 255}` })),
  }));
  const [fault] = faultsOf(parseDocument(JSON.stringify({ ...draft(), services }))).filter(
    ({ path }) => path === 'services',
  );
  assert.deepEqual(fault, {
    path: 'services',
    value: `${LIMITS.servers + 1} real servers`,
    remedy: `give at most ${LIMITS.servers} real servers in the whole document`,
  });
});

test('no fault is longer than a person reads, whatever stands in the text', () => {
  const long = 'x'.repeat(9_000);
  for (const text of [
    `a: *${long}`,
    `a: !${long} 1`,
    `${long}: 1\n${long}: 2`,
    `? ${long}`,
    `a: [${long}`,
    `a: "\\${long}"`,
    `%${long} 1\n---\n`,
    `a: @${long}`,
    JSON.stringify({ [long]: { [long]: long } }),
    JSON.stringify({ [`a b${long}`]: long }),
    JSON.stringify(long),
  ]) {
    for (const { path, value, remedy } of faultsOf(parseNodeFile(text))) {
      const what = `${text.slice(0, 20)}…: ${path.slice(0, 200)}, ${value.slice(0, 200)}, ${remedy.slice(0, 300)}`;
      assert.ok(path.length <= 120 && value.length <= 80 && remedy.length <= 500, what);
    }
  }
});
