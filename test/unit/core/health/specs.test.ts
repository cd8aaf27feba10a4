import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptedVerdicts, checksOf } from '../../../../src/core/health/index.ts';
import { FakeIpvs } from '../../../fakes/ipvs.ts';
import { rackDocument } from '../../../fakes/rackDocument.ts';

const document = rackDocument();

test('one question for each server and timing, however many services share it', () => {
  // web's three servers; echo checks two of them on the same port with the same timing.
  assert.deepEqual(
    checksOf(document).map((spec) => `${spec.address}:${spec.port}`),
    ['192.0.2.11:8080', '192.0.2.12:8080', '192.0.2.13:8080'],
  );
});

test('equal questions are asked once, different ones of one server each', () => {
  const web = (check: string) => (text: string) => text.replace(/check: .*/, `check: ${check}`);
  const ids = (check: string): string[] => checksOf(rackDocument(web(check))).map((spec) => spec.id);
  assert.equal(ids('{ type: tcp, port: 8080, interval_ms: 1000, timeout_ms: 500, rise: 2, fall: 2 }').length, 3);
  assert.equal(ids('{ type: http }').length, 5);
  assert.deepEqual(ids('{ type: icmp, retry_ms: 100 }').slice(0, 1), ['icmp 192.0.2.11 1000/500/2/2/100']);
  assert.equal(new Set([...ids('{ type: http, path: /a }'), ...ids('{ type: http, path: /b }')]).size, 8);
});

test('after a failure it is asked again after what the document says, or an eighth of the interval, and never within 50 ms', () => {
  const retries = (check: string) =>
    checksOf(rackDocument((text) => text.replace(/check: .*/, `check: ${check}`)))
      .filter(({ question }) => question.type === 'icmp')
      .map(({ retry }) => retry);
  assert.deepEqual(retries('{ type: icmp, interval_ms: 2000 }'), [250, 250, 250]);
  assert.deepEqual(retries('{ type: icmp, retry_ms: 100 }'), [100, 100, 100]);
  assert.deepEqual(retries('{ type: icmp, interval_ms: 100, timeout_ms: 100 }'), [50, 50, 50]);
});

test('a service whose check is none asks nothing', () => {
  const none = rackDocument((text) => text.replaceAll(/check: .*/g, 'check: { type: none }'));
  assert.deepEqual(checksOf(none), []);
});

test('what the kernel has in use is up, what it has quiesced or lost is down, what it never had is unknown', () => {
  const table = new FakeIpvs();
  const [web] = document.services;
  const key = { protocol: 'tcp', address: web!.address, port: web!.port } as const;
  const add = (address: string, weight: number) =>
    ({
      op: 'add-destination',
      service: key,
      destination: { address, port: 8080, forwarding: 'masquerade', weight, upper: 0, lower: 0 },
    }) as const;
  assert.deepEqual(adoptedVerdicts(document, table.read()), {});
  table.apply([
    { op: 'add-service', service: { ...key, scheduler: 'rr', schedulerFlags: [], persistence: 0, onePacket: false } },
    add('192.0.2.11', 1),
    add('192.0.2.12', 0),
  ]);
  const adopted = adoptedVerdicts(document, table.read());
  assert.deepEqual(Object.values(adopted), ['up', 'down', 'down']);
});
