import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuestAgent } from '../../../image/vm/agent.ts';
import { TandemError } from '../../../src/model/error.ts';
import { type Asked, farEnd } from './fakeSocket.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const is = (code: string) => (error: unknown) => error instanceof TandemError && error.code === code;

/** A guest whose programs end at the second question; `stubborn` ones never do. */
function guest(asked: Asked[] = []) {
  const questions = new Map<number, number>();
  let lastPid = 100;
  return (request: Asked, send: (value: unknown) => void) => {
    asked.push(request);
    const { path, pid, id } = request.arguments as { path: string; pid: number; id: number };
    if (request.execute === 'guest-sync-delimited') {
      send({ return: id });
    } else if (request.execute === 'guest-exec') {
      if (path === 'missing') return send({ error: { class: 'GenericError', desc: 'No such file or directory' } });
      lastPid += 1;
      questions.set(lastPid, path === 'stubborn' ? Number.NEGATIVE_INFINITY : 0);
      return send({ return: { pid: lastPid } });
    } else {
      const count = (questions.get(pid) ?? 0) + 1;
      questions.set(pid, count);
      const ended = { exited: true, exitcode: 3, 'out-data': base64('fünf'), 'err-data': base64('oh') };
      send({ return: count < 2 ? { exited: false } : ended });
    }
  };
}

test('a program runs to its end: code, output, errors', async (t) => {
  const asked: Asked[] = [];
  const agent = await GuestAgent.connect(await farEnd(t, guest(asked)), { timeoutSeconds: 5 });
  const result = await agent.exec(['ip', '-o', 'address'], { input: 'x' });
  assert.deepEqual(result, { code: 3, stdout: 'fünf', stderr: 'oh' });
  const wanted = { path: 'ip', arg: ['-o', 'address'], 'capture-output': true, 'input-data': base64('x') };
  assert.deepEqual(asked[1]?.arguments, wanted);
  agent.close();
});

test('several at the same time get each their own', async (t) => {
  const agent = await GuestAgent.connect(await farEnd(t, guest()), { timeoutSeconds: 5 });
  const results = await Promise.allSettled([agent.exec(['one']), agent.exec(['missing']), agent.exec(['two'])]);
  assert.deepEqual(
    results.map((result) => (result.status === 'rejected' ? result.reason.code : result.value.code)),
    [3, 'not-found', 3],
  );
  agent.close();
});

test('a program that does not end in time is killed in the guest', async (t) => {
  const asked: Asked[] = [];
  const agent = await GuestAgent.connect(await farEnd(t, guest(asked)), { timeoutSeconds: 5 });
  await assert.rejects(agent.exec(['stubborn'], { timeoutSeconds: 0.05 }), is('unreachable'));
  assert.deepEqual(asked.at(-1)?.arguments, { path: 'kill', arg: ['-KILL', '101'] });
  agent.close();
});

test('a guest that never answers, and an emulator that is not there, are unreachable', async (t) => {
  const silent = await farEnd(t, () => {});
  await assert.rejects(GuestAgent.connect(silent, { timeoutSeconds: 0.05 }), is('unreachable'));
  await assert.rejects(GuestAgent.connect(`${silent}-not-there`, { timeoutSeconds: 5 }), is('unreachable'));
});

test('the late answer to an earlier client is not taken for ours', async (t) => {
  let ours = false;
  const path = await farEnd(t, ({ arguments: { id } }, send) => {
    send({ return: 1 });
    setTimeout(() => {
      ours = true;
      send({ return: id });
    }, 20);
  });
  const agent = await GuestAgent.connect(path, { timeoutSeconds: 5 });
  assert.ok(ours);
  agent.close();
});
