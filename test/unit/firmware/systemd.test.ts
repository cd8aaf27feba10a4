import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RawSocket, SOCK_DGRAM } from '../../../firmware/libc/socket.ts';
import { openSystemd, unixAddress } from '../../../firmware/systemd.ts';

const AF_UNIX = 1;

/** What arrives at a datagram socket of that name while `act` runs. */
function heard(name: string, act: () => void): string[] {
  const socket = new RawSocket(AF_UNIX, SOCK_DGRAM, 0, 4096);
  try {
    socket.bind(unixAddress(name));
    act();
    const lines: string[] = [];
    for (let next = socket.receive(); next !== undefined; next = socket.receive()) {
      lines.push(new TextDecoder().decode(next.bytes));
    }
    return lines;
  } finally {
    socket.close();
  }
}

function speak(name: string): string[] {
  return heard(name, () => {
    const supervisor = openSystemd({ NOTIFY_SOCKET: name, WATCHDOG_USEC: '10000000' }, 1);
    assert.equal(supervisor.watchdogMs, 10_000);
    supervisor.ready();
    supervisor.status('two\nlines');
    supervisor.alive();
    supervisor.watch(3000);
    supervisor.stopping();
  });
}

const EXPECTED = ['READY=1', 'STATUS=two lines', 'WATCHDOG=1', 'WATCHDOG_USEC=3000000', 'STOPPING=1'];

test('systemd hears every word on an abstract socket', () => {
  assert.deepEqual(speak(`@tandem-test-${process.pid}`), EXPECTED);
});

test('systemd hears every word on a socket with a path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-'));
  try {
    assert.deepEqual(speak(join(folder, 'notify')), EXPECTED);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without systemd every word goes nowhere', () => {
  const supervisor = openSystemd({}, 1);
  supervisor.ready();
  supervisor.alive();
  assert.equal(supervisor.watchdogMs, undefined);
});

test('a watchdog meant for another process is not ours', () => {
  const env = { NOTIFY_SOCKET: '@nobody', WATCHDOG_USEC: '800000', WATCHDOG_PID: '7' };
  assert.equal(openSystemd(env, 8).watchdogMs, undefined);
  assert.equal(openSystemd(env, 7).watchdogMs, 800);
});

test('a socket nobody reads does not hold up or throw', () => {
  const supervisor = openSystemd({ NOTIFY_SOCKET: `@tandem-nobody-${process.pid}` }, 1);
  supervisor.ready();
});

test('what is no socket’s name is refused', () => {
  assert.throws(() => unixAddress('vsock:2:1234'), /not a Unix socket/);
  assert.throws(() => unixAddress(`/${'x'.repeat(120)}`), /not a Unix socket/);
});
