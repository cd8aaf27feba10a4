import { answerFilter } from '../../src/codec/arp/filter.ts';
import { arpQuestion, decodeArp, ETH_P_ARP } from '../../src/codec/arp/packet.ts';
import { ipBytes, ipText } from '../../src/codec/ip.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { Arp } from '../../src/ports/network.ts';
import { ENETDOWN } from '../libc/errno.ts';
import { onReadable } from '../libc/readable.ts';
import { AF_PACKET, RawSocket, SOCK_DGRAM, SocketError } from '../libc/socket.ts';
import { announcementFrames, arpFrame, claimEar, type Ear, type Frame, probeFrames } from './frames.ts';
import { linkAddress, lookUpNic, senderOf } from './socket.ts';

/** The largest payload of an Ethernet frame. */
const CAPACITY = 1500;
/** Packets handled in one turn of the event loop; the rest waits for the next one. */
const TURN = 128;

/**
 * ARP and, for IPv6 addresses, neighbour discovery on any Ethernet device of this network namespace. What is sent throws
 * `unreachable` while the device is down, `kernel-refused` when there is none, `bad-request` for what is no address: a
 * probe that could not leave proves nothing. A watch outlives its device going down and up again.
 * @throws TandemError `io` when a packet socket cannot be opened.
 */
export function openArp(): Arp & { close: Close } {
  // Protocol 0: this socket only sends, nothing is queued on it.
  const sender = new RawSocket(AF_PACKET, SOCK_DGRAM, 0, CAPACITY);
  const watches = new Set<Watch>();

  function send(what: string, device: string, frames: (mac: Uint8Array) => readonly Frame[]): void {
    const nic = lookUpNic(sender, device);
    for (const { etherType, to, bytes } of frames(nic.mac)) {
      try {
        sender.send(bytes, linkAddress(nic.index, etherType, to));
      } catch (error) {
        if (!(error instanceof SocketError) || error.errno !== ENETDOWN) throw error;
        throw new TandemError('unreachable', `${what} on ${device}: the device is down (ENETDOWN)`, {
          remedy: `ip link set ${device} up`,
        });
      }
    }
  }

  function kept(watch: Watch): Close {
    watches.add(watch);
    return () => {
      watches.delete(watch);
      watch.close();
    };
  }

  return {
    probe: (device, address) => send('probe', device, (mac) => probeFrames(mac, ip(address))),

    announce: (device, address) => send('announcement', device, (mac) => announcementFrames(mac, ip(address))),

    ask: (device, address, neighbours) =>
      send('ARP request', device, (mac) =>
        neighbours.map((neighbour) => arpFrame(arpQuestion(mac, ip4(address), ip4(neighbour)))),
      ),

    watch(device, address, onClaim, onRival = () => {}) {
      return kept(
        listen(device, claimEar(ip(address)), ({ what, ...said }) => {
          if (what === 'claim') onClaim({ device, ...said });
          else onRival({ device, ...said });
        }),
      );
    },

    watchAnswers(device, address, onAnswer) {
      return kept(listen(device, answerEar(ip4(address)), onAnswer));
    },

    hear() {
      for (const watch of watches) watch.hear();
    },

    close() {
      for (const watch of watches) watch.close();
      sender.close();
    },
  };
}

/** Who answered, as text. */
const answerEar = (address: Uint8Array): Ear<string> => ({
  etherType: ETH_P_ARP,
  filter: (mac) => answerFilter(mac, address),
  read(bytes) {
    const packet = decodeArp(bytes);
    return packet && ipText(packet.senderIp);
  },
});

interface Watch {
  readonly hear: () => void;
  readonly close: Close;
}

function listen<T>(device: string, ear: Ear<T>, onHeard: (heard: T) => void): Watch {
  // Bound only once the filter stands, so that nothing unfiltered is ever queued.
  const socket = new RawSocket(AF_PACKET, SOCK_DGRAM, 0, CAPACITY);
  try {
    const nic = lookUpNic(socket, device);
    socket.filter(ear.filter(nic.mac));
    socket.bind(linkAddress(nic.index, ear.etherType));
  } catch (error) {
    socket.close();
    throw error;
  }
  let open = true;
  const hear = (): void => {
    if (!open) return;
    for (const heard of drain(socket, ear)) {
      if (!open) return;
      onHeard(heard);
    }
  };
  const stop = onReadable(socket.fd, hear);
  const close = (): void => {
    if (!open) return;
    open = false;
    stop();
    socket.close();
  };
  return { hear, close };
}

/** The kernel tells once that the device went down and hooks the socket in again when it comes up (packet(7)). */
function drain<T>(socket: RawSocket, ear: Ear<T>): T[] {
  const found: T[] = [];
  for (let count = 0; count < TURN; count += 1) {
    try {
      const received = socket.receive();
      if (received === undefined) break;
      const heard = ear.read(received.bytes, senderOf(received.from));
      if (heard !== undefined) found.push(heard);
    } catch (error) {
      if (!(error instanceof SocketError) || error.errno !== ENETDOWN) throw error;
    }
  }
  return found;
}

function ip(address: string): Uint8Array {
  const bytes = ipBytes(address);
  if (bytes !== undefined) return bytes;
  throw new TandemError('bad-request', `address is ${JSON.stringify(address)}`, {
    remedy: 'give an IPv4 or IPv6 address',
  });
}

function ip4(address: string): Uint8Array {
  const bytes = ipBytes(address);
  if (bytes?.length === 4) return bytes;
  throw new TandemError('bad-request', `address is ${JSON.stringify(address)}`, {
    remedy: 'ARP needs an IPv4 address',
  });
}
