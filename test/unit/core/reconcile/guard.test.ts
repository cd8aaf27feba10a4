import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalTable } from '../../../../src/codec/nft/guard.ts';
import { compileLane } from '../../../../src/core/document/compileLane.ts';
import { guardFor } from '../../../../src/core/reconcile/guard.ts';
import { rackDocument, rackNode } from '../../../fakes/rackDocument.ts';
import { desiredOf, settled, told } from './bench.ts';

const adding =
  (lines: string) =>
  (text: string): string =>
    `${text}\n${lines}\n`;

function tableOf(lines: string, change: (text: string) => string = (text) => text): string {
  const document = rackDocument((text) => adding(lines)(change(text)));
  return guardFor(document, compileLane(document, rackNode(), 'digest'))?.text ?? '';
}

const linesOf = (text: string, chain: string): string[] => {
  const lines = text.split('\n');
  const start = lines.indexOf(`chain ${chain} {`);
  return start < 0 ? [] : lines.slice(start + 2, lines.indexOf('}', start));
};

test('a document that asks for neither has no table', () => {
  assert.equal(tableOf(''), '');
  assert.equal(desiredOf().guard, undefined);
});

test('a firewall lets in the services, answers, ICMP and the twin’s beats on the public side, and counts the rest', () => {
  const text = tableOf('firewall: {}');
  assert.match(text, /elements = \{ [^}]*198\.51\.100\.10 \. 6 \. 80[ ,]/);
  assert.match(text, /elements = \{ [^}]*192\.0\.2\.11 \. 6 \. 8080[ ,]/);
  const input = linesOf(text, 'input');
  assert.equal(input[0], 'iifname != "eth0" accept');
  assert.equal(input.at(-1), 'counter drop');
  assert.ok(input.includes('ip saddr 198.51.100.3 udp dport 7946 accept'));
  assert.equal(linesOf(text, 'forward').at(-1), 'counter drop');
  assert.deepEqual(linesOf(text, 'postrouting'), []);
});

test('what is allowed beside is let in before the rest is dropped', () => {
  const text = tableOf(`firewall:
  allow:
    - { protocol: tcp, ports: [22, "8000-8100"], from: [203.0.113.7/24, 10.0.0.1/32] }
    - { protocol: udp, ports: [161], from: ["2001:DB8::1/32"] }`);
  assert.deepEqual(linesOf(text, 'input').slice(-3), [
    'ip saddr { 203.0.113.0/24, 10.0.0.1 } tcp dport { 22, 8000-8100 } accept',
    'ip6 saddr 2001:db8::/32 udp dport 161 accept',
    'counter drop',
  ]);
});

test('outbound masquerades on the public float, and nothing is filtered for it', () => {
  const text = tableOf('outbound: { from: [192.0.2.0/24] }');
  assert.deepEqual(linesOf(text, 'postrouting'), [
    'oifname "eth0" ip saddr 192.0.2.0/24 meta l4proto { 6, 17 } snat ip to 198.51.100.10:61000-65535',
    'oifname "eth0" ip saddr 192.0.2.0/24 snat ip to 198.51.100.10',
  ]);
  assert.deepEqual(linesOf(text, 'input'), []);
  assert.equal(linesOf(text, 'raw').length, 4);
});

test('outbound over IPv6 masquerades on the public float’s IPv6 address, beside IPv4 or alone', () => {
  const six = (document: string): string =>
    document
      .replace('10/24 }', '10/24, address6: "2001:DB8::10/64" }')
      .replace('a: { ', 'a: { public6: "2001:db8::2/64", private6: "2001:db8:1::2/64", ')
      .replace('b: { ', 'b: { public6: "2001:db8::3/64", private6: "2001:db8:1::3/64", ')
      .replace('192.0.2.1/24 }', '192.0.2.1/24, address6: "2001:db8:1::1/64" }');
  const lines = [
    'oifname "eth0" ip6 saddr 2001:db8:1::/64 meta l4proto { 6, 17 } snat ip6 to [2001:db8::10]:61000-65535',
    'oifname "eth0" ip6 saddr 2001:db8:1::/64 snat ip6 to 2001:db8::10',
  ];
  const alone = tableOf('outbound: { from6: ["2001:db8:1::5/64"] }', six);
  assert.deepEqual(linesOf(alone, 'postrouting'), lines);
  const both = tableOf('outbound: { from: [192.0.2.0/24], from6: ["2001:db8:1::/64"] }', six);
  assert.deepEqual(linesOf(both, 'postrouting').slice(2), lines);
});

test('entries of one address and protocol that share ports are one', () => {
  const text = tableOf('firewall: {}', (document) =>
    document.replace(
      'services:\n',
      'services:\n  - { name: more, protocol: tcp, port: 81, servers: [{ name: x, address: 192.0.2.11, port: 8080 }] }\n',
    ),
  );
  assert.equal(text.match(/192\.0\.2\.11 \. 6 \. 8080/g)?.length, 1);
});

test('blanks, line breaks and the order within braces are no difference; anything else is', () => {
  const text = tableOf('firewall: {}');
  const listing = text.replaceAll('\n', '\n\t').replace('{ 3, 11, 12 }', '{ 12,\n\t\t 3, 11 }');
  assert.equal(normalTable(listing), normalTable(text));
  assert.notEqual(normalTable(text.replace('counter drop', 'counter accept')), normalTable(text));
  assert.notEqual(normalTable(text.replace('icmp type 8', 'icmp type 13')), normalTable(text));
});

const guarded = (): ReturnType<typeof desiredOf> => desiredOf(adding('firewall: {}'));

test('the table is written once, put back when another tool changes it, and taken away with its section', () => {
  const bench = settled();
  bench.want(guarded());
  assert.equal(bench.kernel.guard.read(), guarded().guard?.normal);
  assert.equal(bench.kernel.guard.writes, 1);
  assert.deepEqual(told(bench), []);
  bench.wake();
  assert.equal(bench.kernel.guard.writes, 1);
  bench.kernel.guard.text = undefined;
  bench.wake();
  assert.equal(bench.kernel.guard.writes, 2);
  assert.match(told(bench).join('\n'), /^firewall table: was table [0-9a-f]{8}, found gone, repaired$/);
  bench.want(desiredOf());
  assert.equal(bench.kernel.guard.read(), undefined);
});

test('during a hold on repair a changed table is left alone', () => {
  const bench = settled();
  bench.want(guarded());
  bench.post({ type: 'hold', held: true });
  bench.kernel.guard.text = 'table inet tandem-firewall { }';
  bench.wake();
  assert.equal(bench.kernel.guard.writes, 1);
});

test('sets are hashes as long as no port range stands in them, and the first rule that excepts a packet ends the chain', () => {
  const setOf = (text: string, name: string): string => new RegExp(`set ${name} \\{[^}]*`).exec(text)?.[0] ?? '';
  const text = tableOf('firewall: {}');
  for (const name of ['served4', 'served6', 'servers4', 'servers6']) assert.doesNotMatch(setOf(text, name), /interval/);
  const ranged = tableOf('firewall: {}', (document) => document.replace(/port: 80$/m, 'ports: [80, "9000-9010"]'));
  assert.match(setOf(ranged, 'served4'), /flags interval/);
  assert.doesNotMatch(setOf(ranged, 'served6'), /interval/);
  for (const rule of linesOf(text, 'raw')) assert.match(rule, / notrack accept$/);
});
