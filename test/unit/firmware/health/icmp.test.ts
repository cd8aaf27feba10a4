import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createProber } from '../../../../firmware/health/prober.ts';
import type { ProbeAnswer } from '../../../../src/ports/health.ts';

const prober = createProber({ icmpId: 4711, scripts: '/nowhere' });
after(prober.close);

const ping = (address: string, source: string, timeout = 2000): Promise<ProbeAnswer> =>
  new Promise((done) => prober.ask({ address, port: 0, source, timeout, question: { type: 'icmp' } }, done));

test('a host that answers is there, each question has its own answer', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map((host) => ping(`127.0.0.${host}`, '127.0.0.9')));
  for (const answer of answers) {
    assert.equal(answer.ok, true, answer.reason);
    assert.match(answer.reason, /^icmp: answered in \d+ ms$/);
  }
});

test('an own address that this box does not have proves nothing', async () => {
  const answer = await ping('127.0.0.1', '192.0.2.77');
  assert.equal(answer.ok, null);
  assert.match(answer.reason, /^icmp: .*EADDRNOTAVAIL/);
});

test('a cancelled question is never answered', async () => {
  let answers = 0;
  const target = { address: '127.0.0.1', port: 0, timeout: 2000, question: { type: 'icmp' } } as const;
  const cancel = prober.ask(target, () => {
    answers += 1;
  });
  cancel();
  await ping('127.0.0.1', '127.0.0.1');
  assert.equal(answers, 0);
});
