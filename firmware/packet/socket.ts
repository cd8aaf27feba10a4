import { TandemError } from '../../src/model/error.ts';
import { errnoName, errnoText } from '../libc/errno.ts';
import { errno, libc } from '../libc/libc.ts';
import { AF_PACKET, type RawSocket } from '../libc/socket.ts';

/** linux/sockios.h. */
const SIOCGIFHWADDR = 0x8927;
const IFREQ_SIZE = 40;
const IFNAME_SIZE = 16;
/** linux/if_arp.h. What goes out on loopback, which has Ethernet's header, reaches nobody: the lane rehearses on it. */
const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;

export interface Nic {
  readonly index: number;
  /** 6 bytes, as the device has them at this moment. */
  readonly mac: Uint8Array;
}

/** @throws TandemError `kernel-refused` when the device is not there, or is neither Ethernet nor loopback. */
export function lookUpNic(socket: RawSocket, device: string): Nic {
  const index = libc.if_nametoindex(device);
  const request = new Uint8Array(IFREQ_SIZE);
  request.set(new TextEncoder().encode(device).subarray(0, IFNAME_SIZE - 1));
  if (index === 0 || libc.ioctl(socket.fd, SIOCGIFHWADDR, request) !== 0) {
    const number = errno();
    throw new TandemError('kernel-refused', `${device}: ${errnoName(number)} (${errnoText(number)})`, {
      remedy: 'check the device name: `ip link`',
    });
  }
  const kind = new DataView(request.buffer).getUint16(IFNAME_SIZE, true);
  if (kind !== ARPHRD_ETHER && kind !== ARPHRD_LOOPBACK) {
    throw new TandemError('kernel-refused', `${device} is not an Ethernet device`, {
      remedy: 'bind the float to an Ethernet device: ARP needs one',
    });
  }
  return { index, mac: request.slice(IFNAME_SIZE + 2, IFNAME_SIZE + 8) };
}

/** sockaddr_ll for one protocol on one device; `to` is the hardware address when sending. */
export function linkAddress(index: number, etherType: number, to?: Uint8Array): Uint8Array {
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, etherType);
  view.setInt32(4, index, true);
  if (to !== undefined) {
    view.setUint8(11, to.length);
    address.set(to, 12);
  }
  return address;
}

/** Hardware address of a received packet's sender, 6 bytes of its sockaddr_ll. */
export const senderOf = (from: Uint8Array): Uint8Array => from.slice(12, 18);
