import { TandemError } from '../../src/model/error.ts';
import { parseIp } from '../../src/model/net.ts';
import type { Place } from '../../src/ports/console.ts';
import { RawSocket, SOL_SOCKET } from '../libc/socket.ts';

/** socket(7), ip(7). */
const AF_INET = 2;
const SOCK_STREAM = 1;
const SO_REUSEADDR = 2;
const SO_BINDTODEVICE = 25;
const SOL_IP = 0;
const IP_FREEBIND = 15;

/** sockaddr_in: family in host order, port and address in network order. */
function socketAddress(address: string, port: number): Uint8Array {
  const ip = parseIp(address);
  if (ip?.family !== 4) throw new TandemError('io', `${address} is no IPv4 address`);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port);
  view.setUint32(4, Number(ip.value));
  return bytes;
}

/**
 * A TCP socket bound to an address and to the NIC it belongs to. The address need not be up yet (IP_FREEBIND). The caller
 * listens on the descriptor and closes it.
 * @throws TandemError `io` with the kernel's word, e.g. when there is no such NIC or the port is taken.
 */
export function openListenSocket({ device, address, port }: Place): number {
  const socket = new RawSocket(AF_INET, SOCK_STREAM, 0, 0);
  try {
    socket.intOption(SOL_SOCKET, SO_REUSEADDR, 1);
    socket.intOption(SOL_IP, IP_FREEBIND, 1);
    socket.option(SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${device}\0`));
    socket.bind(socketAddress(address, port));
    return socket.fd;
  } catch (error) {
    socket.close();
    throw error;
  }
}
