import { TandemError } from '../src/model/error.ts';
import type { Supervisor } from '../src/ports/supervisor.ts';
import { errnoName } from './libc/errno.ts';
import { errno, libc } from './libc/libc.ts';
import { SOCK_DGRAM } from './libc/socket.ts';

const AF_UNIX = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
/** sizeof(sockaddr_un.sun_path), unix(7). */
const PATH_MAX = 108;

const NOBODY: Supervisor = {
  watchdogMs: undefined,
  ready: () => {},
  alive: () => {},
  watch: () => {},
  status: () => {},
  stopping: () => {},
};

/**
 * Talks to systemd over the datagram socket named by NOTIFY_SOCKET (sd_notify(3)); does nothing when there is none. A
 * message systemd cannot take at this instant is dropped: it never holds up the caller.
 * @throws TandemError `io` when the socket cannot be opened or its name is not one.
 */
export function openSystemd(env: Readonly<Record<string, string | undefined>>, pid: number): Supervisor {
  const name = env.NOTIFY_SOCKET;
  if (name === undefined || name === '') return NOBODY;
  const address = unixAddress(name);
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new TandemError('io', `opening a socket to systemd failed: ${errnoName(errno())}`);
  const encoder = new TextEncoder();
  const notify = (text: string): void => {
    const bytes = encoder.encode(text);
    libc.sendto(fd, bytes, bytes.length, 0, address, address.length);
  };
  return {
    watchdogMs: watchdogMs(env, pid),
    ready: () => notify('READY=1'),
    alive: () => notify('WATCHDOG=1'),
    watch: (ms) => notify(`WATCHDOG_USEC=${Math.round(ms * 1000)}`),
    status: (text) => notify(`STATUS=${text.replaceAll('\n', ' ')}`),
    stopping: () => notify('STOPPING=1'),
  };
}

/** sd_watchdog_enabled(3): the interval is for this process only when WATCHDOG_PID names it or is not given. */
function watchdogMs(env: Readonly<Record<string, string | undefined>>, pid: number): number | undefined {
  const micros = Number(env.WATCHDOG_USEC);
  const forUs = env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === pid;
  return forUs && Number.isFinite(micros) && micros > 0 ? micros / 1000 : undefined;
}

/** sockaddr_un; a leading `@` stands for the zero byte of an abstract name, whose length ends the address. */
export function unixAddress(name: string): Uint8Array {
  const path = new TextEncoder().encode(name);
  const abstract = name.startsWith('@');
  if ((!abstract && !name.startsWith('/')) || path.length >= PATH_MAX) {
    throw new TandemError('io', `NOTIFY_SOCKET is not a Unix socket's name: ${name.slice(0, 80)}`);
  }
  const address = new Uint8Array(2 + path.length + (abstract ? 0 : 1));
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(path, 2);
  if (abstract) address[2] = 0;
  return address;
}
