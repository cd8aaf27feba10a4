import koffi from 'koffi';
import { inetAddress } from '../../../../firmware/libc/inet.ts';
import { libc } from '../../../../firmware/libc/libc.ts';
import { AF_INET, SOCK_STREAM } from '../../../../firmware/libc/socket.ts';

const c = koffi.load('libc.so.6');
const listen = c.func('int listen(int, int)') as (fd: number, backlog: number) => number;
const getsockname = c.func('int getsockname(int, void*, void*)') as (
  fd: number,
  address: Uint8Array,
  size: Uint32Array,
) => number;

export interface Silence {
  readonly port: number;
  readonly close: () => void;
}

/**
 * A port of loopback that answers nothing: a listener whose queue of one is full, so that the kernel drops each further
 * request for a connection (tcp_conn_request in tcp_input.c).
 */
export function openSilence(): Silence {
  const fds = [0, 1].map(() => libc.socket(AF_INET, SOCK_STREAM, 0));
  const [listener = -1, client = -1] = fds;
  const address = inetAddress('127.0.0.1', 0);
  const size = Uint32Array.of(address.length);
  const right =
    libc.bind(listener, address, address.length) === 0 &&
    listen(listener, 0) === 0 &&
    getsockname(listener, address, size) === 0 &&
    libc.connect(client, address, address.length) === 0;
  if (!right) throw new Error('no listener on loopback');
  return { port: new DataView(address.buffer).getUint16(2), close: () => fds.forEach((fd) => void libc.close(fd)) };
}
