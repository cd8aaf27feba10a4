import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled, unsettled } from '../../../image/rack/settle.ts';
import type { Status } from '../../../src/model/status.ts';

type Lane = NonNullable<Status['lane']>;

function status(node: 'a' | 'b', role: Lane['role'], lane: Partial<Lane> = {}, up = true): Status {
  const holds = role === 'active';
  const links = (['serial', 'private', 'public'] as const).map((link) => ({
    link,
    heard: true,
    ageMs: 3,
    sent: 1,
    received: 1,
    frames: 0,
    refused: {},
    dropped: {},
  }));
  const server = {
    name: 's1',
    address: '192.0.2.11',
    port: 8080,
    forwarding: 'masquerade' as const,
    weight: 1,
    configuredWeight: 1,
    active: 0,
    inactive: 0,
    counters: { connections: 0, bytesIn: 0, bytesOut: 0 },
  };
  const service = { name: 'web', protocol: 'tcp', address: '198.51.100.10', port: 80, scheduler: 'rr' };
  return {
    name: 'rack',
    revision: 1,
    digest: '00',
    alarms: [],
    services: [{ ...service, servers: [{ ...server, up, drained: false, reason: '' }] }],
    lane: {
      node,
      role,
      term: 1,
      peer: { heard: true, role: 'standby', term: 1, ready: true },
      floats: { public: holds, private: holds },
      nics: { public: true, private: true },
      ready: true,
      links,
      alarms: [],
      lateMs: 0,
      transitions: [],
      ...lane,
    },
  };
}

const whole = { a: status('a', 'active'), b: status('b', 'standby') };

test('one active, one standby, all ready: whole', () => assert.deepEqual(unsettled(whole), []));

test('each thing that is missing is named', () => {
  const cases: [Parameters<typeof unsettled>[0], RegExp][] = [
    [{ ...whole, b: undefined }, /b does not answer/],
    [{ ...whole, b: { ...whole.b, lane: null } }, /pair lane of b/],
    [{ a: status('a', 'standby'), b: whole.b }, /no box is active/],
    [{ a: whole.a, b: status('b', 'active') }, /both boxes are active/],
    [{ ...whole, b: status('b', 'taking') }, /b is taking/],
    [{ ...whole, a: status('a', 'active', { floats: { public: true, private: false } }) }, /holds 1 floats/],
    [{ ...whole, b: status('b', 'standby', { floats: { public: true, private: true } }) }, /standby and holds 2/],
    [{ ...whole, b: status('b', 'standby', { ready: false }) }, /b is not ready/],
    [{ ...whole, a: status('a', 'active', {}, false) }, /s1 of web down/],
    [
      { ...whole, a: status('a', 'active', { links: whole.a.lane!.links.map((link) => ({ ...link, heard: false })) }) },
      /a hears nothing on serial/,
    ],
  ];
  for (const [both, words] of cases) assert.match(unsettled(both).join('; '), words);
});

test('the wait ends when the pair is whole, and says why when it never is', async () => {
  const answers = [{ a: undefined, b: undefined }, whole];
  await settled(async () => answers.shift() ?? whole, 10_000);
  assert.equal(answers.length, 0);
  await assert.rejects(
    settled(async () => ({ a: whole.a, b: undefined }), 0),
    /b does not answer/,
  );
});
