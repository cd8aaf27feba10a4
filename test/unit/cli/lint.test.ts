import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loginOf, readConnection } from '../../../src/cli/login.ts';
import { told } from '../../../src/model/lint.ts';
import { STATUS, sockets, tandem } from './fake.ts';

const duplicate = told({
  code: 'address-duplicate',
  subject: '198.51.100.2',
  text: '02:de:ad:00:00:01 answers on eth0 for 198.51.100.2, which is this router’s own',
});
const sides = told({ code: 'mtu-sides', subject: 'eth0, eth1', text: 'eth0 has an MTU of 1500, eth1 of 9000' });

test('lint tells what was found, why it hurts and what to do, alarms with their mark, and ends with 1', async () => {
  const { run } = await sockets({ controller: () => ({ node: 'a', findings: [duplicate, sides], warnings: [] }) });
  const { code, out } = await tandem(['lint'], { run });
  assert.equal(code, 1);
  assert.deepEqual(out.split('\n'), [
    '! address-duplicate: 02:de:ad:00:00:01 answers on eth0 for 198.51.100.2, which is this router’s own',
    '  why: neighbours send what is meant for this router to the other machine, now and then: checks, beats and the consoles break off',
    '  remedy: find the machine with this MAC address and take the address away from it, or give this router another one',
    '- mtu-sides: eth0 has an MTU of 1500, eth1 of 9000',
    '  why: the larger side’s full packets are cut up here or sent again smaller: it works, and costs both',
    '  remedy: give both sides one MTU, or leave it where the servers need large packets among themselves',
  ]);
});

test('lint of a sound router ends with 0; --json is what the controller said', async () => {
  const answer = { node: 'a', findings: [], warnings: [] };
  const { run, asked } = await sockets({ controller: () => answer });
  const { code, out } = await tandem(['lint'], { run });
  assert.deepEqual([code, out], [0, 'nothing is amiss around this router']);
  assert.deepEqual(JSON.parse((await tandem(['lint', '--json'], { run })).out), answer);
  assert.deepEqual(asked[0], { do: 'lint' });
});

test('lint of a file sends it along and tells its warnings by their paths', async () => {
  const warnings = [{ path: 'services[0].address', value: '192.0.2.1', remedy: 'is in the servers’ own network' }];
  const { run, asked } = await sockets({ controller: () => ({ node: 'a', findings: [], warnings }) });
  const { code, out } = await tandem(['lint', 'pair.yaml'], { run, files: { 'pair.yaml': 'tandem: 1\n' } });
  assert.equal(code, 1);
  assert.match(out, /services\[0\]\.address: 192\.0\.2\.1 — is in the servers’ own network/);
  assert.deepEqual(asked, [{ do: 'lint', text: 'tandem: 1\n' }]);
});

test('the status counts what lint found beside the alarms', async () => {
  const { run } = await sockets({ controller: () => ({ ...STATUS, findings: 2 }) });
  assert.match((await tandem(['status'], { run })).out, /lint +2 more to look at by day: see `tandem lint`/);
  const none = await sockets({ controller: () => ({ ...STATUS, findings: 0 }) });
  assert.doesNotMatch((await tandem(['status'], { run: none.run })).out, /tandem lint/);
});

test('the status says what the firewall has dropped, once there is one', async () => {
  const dropped = [
    { chain: 'input', packets: 12_345, bytes: 700_000 },
    { chain: 'forward', packets: 0, bytes: 0 },
  ];
  const { run } = await sockets({ controller: () => ({ ...STATUS, dropped }) });
  assert.match(
    (await tandem(['status'], { run })).out,
    /^firewall +dropped 12\.3k packets for this router, 0 packets to be routed$/m,
  );
  const none = await sockets({ controller: () => STATUS });
  assert.doesNotMatch((await tandem(['status'], { run: none.run })).out, /firewall/);
});

test('plan and apply say from where they are asked for, and whether that is to be gone past', async () => {
  const { run, asked } = await sockets({
    controller: () => ({
      revision: 1,
      digest: 'c0ffee',
      changed: false,
      steps: [],
      refused: [],
      warnings: [],
      heldBy: ['a'],
    }),
  });
  const world = { run, files: { f: 'tandem: 1\n' }, login: { address: '203.0.113.7', port: 22 } };
  await tandem(['plan', 'f'], world);
  await tandem(['apply', '--force', 'f'], world);
  assert.deepEqual(
    asked.map((request) => [request.do, 'login' in request && request.login, 'force' in request && request.force]),
    [
      ['plan', world.login, false],
      ['apply', world.login, true],
    ],
  );
});

test('the login is that of the process, or of one above it from which sudo has taken it', () => {
  const proc = mkdtempSync(join(tmpdir(), 'tandem-proc-'));
  const put = (pid: number, parent: number, environ: string): void => {
    mkdirSync(join(proc, String(pid)));
    writeFileSync(join(proc, String(pid), 'environ'), environ);
    writeFileSync(join(proc, String(pid), 'stat'), `${pid} (a ) b) S ${parent} 1 1`);
  };
  put(30, 20, 'PATH=/bin\0');
  put(20, 10, 'SSH_CONNECTION=203.0.113.7 50000 198.51.100.2 2222\0TERM=vt100\0');
  put(10, 1, '');
  try {
    assert.deepEqual(loginOf({}, 30, proc), { address: '203.0.113.7', port: 2222 });
    assert.equal(loginOf({}, 10, proc), undefined);
    assert.equal(loginOf({}, 99, proc), undefined);
    assert.deepEqual(loginOf({ SSH_CONNECTION: '2001:db8::7 1 2001:db8::1 22' }, 30, proc), {
      address: '2001:db8::7',
      port: 22,
    });
  } finally {
    rmSync(proc, { recursive: true });
  }
  for (const text of [undefined, '', 'a', '203.0.113.7 1 2 x', '203.0.113.7 1 2 70000']) {
    assert.equal(readConnection(text), undefined, text);
  }
});
