import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Qmp } from '../../../image/vm/qmp.ts';
import { TandemError } from '../../../src/model/error.ts';
import { type Asked, farEnd } from './fakeSocket.ts';

const greet = (send: (value: unknown) => void) => send({ QMP: { version: {}, capabilities: [] } });
const is = (code: string) => (error: unknown) => error instanceof TandemError && error.code === code;

test('commands are answered in order, with events in between', async (t) => {
  const asked: Asked[] = [];
  const path = await farEnd(
    t,
    (request, send) => {
      asked.push(request);
      send({ event: 'NOISE', data: { of: request.execute } });
      send({ return: request.execute === 'query-status' ? { status: 'paused', running: false } : {} });
    },
    greet,
  );
  const qmp = await Qmp.connect(path);
  const events: string[] = [];
  const forget = qmp.onEvent(({ data }) => events.push(String(data?.of)));
  const [status] = await Promise.all([qmp.status(), qmp.stop(), qmp.setLink('wan', false)]);
  forget();
  await qmp.cont();
  assert.equal(status, 'paused');
  assert.deepEqual(events, ['query-status', 'stop', 'set_link']);
  assert.deepEqual(asked[3]?.arguments, { name: 'wan', up: false });
  qmp.close();
});

test('a refusal carries QEMU’s words and hits its own command alone', async (t) => {
  const path = await farEnd(
    t,
    ({ execute }, send) =>
      send(execute === 'set_link' ? { error: { class: 'X', desc: 'no such device' } } : { return: 1 }),
    greet,
  );
  const qmp = await Qmp.connect(path);
  const [refused, fine] = await Promise.allSettled([qmp.setLink('x', true), qmp.execute('stop')]);
  assert.ok(
    refused.status === 'rejected' && is('refused')(refused.reason) && /no such device/.test(refused.reason.message),
  );
  assert.deepEqual(fine, { status: 'fulfilled', value: 1 });
  qmp.close();
});

test('quit is done when QEMU is gone; what was asked besides is unreachable', async (t) => {
  const path = await farEnd(
    t,
    ({ execute }, send, socket) => {
      if (execute === 'quit') socket.destroy();
      else if (execute === 'qmp_capabilities') send({ return: {} });
    },
    greet,
  );
  const qmp = await Qmp.connect(path);
  const lost = assert.rejects(qmp.execute('never-answered'), is('unreachable'));
  await qmp.quit();
  await lost;
  await assert.rejects(qmp.stop(), is('unreachable'));
  await assert.rejects(Qmp.connect(`${path}-not-there`), is('unreachable'));
});
