/**
 * A process that accepts every connection to port 8080 of whatever address this namespace has, and closes it: a queue that
 * nobody empties is full after 65,535 checks, and the kernel drops the requests of all further ones. Prints a line when it listens.
 */
import koffi from 'koffi';
import { inetAddress } from '../../../firmware/libc/inet.ts';
import { errno, libc } from '../../../firmware/libc/libc.ts';
import { AF_INET, SOCK_STREAM } from '../../../firmware/libc/socket.ts';

const PORT = 8080;
const BACKLOG = 65_535;

const c = koffi.load('libc.so.6');
const listen = c.func('int listen(int, int)') as (fd: number, backlog: number) => number;
const accept = c.func('int accept(int, void*, void*)') as (fd: number, address: null, size: null) => number;

const fd = libc.socket(AF_INET, SOCK_STREAM, 0);
const address = inetAddress('0.0.0.0', PORT);
if (fd < 0 || libc.bind(fd, address, address.length) !== 0 || listen(fd, BACKLOG) !== 0)
  throw new Error(`listen: errno ${errno()}`);
process.stdout.write('listening\n');
// It waits in accept(2) and ends by a signal.
for (;;) {
  const taken = accept(fd, null, null);
  if (taken >= 0) libc.close(taken);
}
