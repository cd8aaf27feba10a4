import { answerFilter, claimFilter } from '../../src/codec/arp/filter.ts';
import {
  type ArpPacket,
  arpAnnouncements,
  arpProbe,
  arpQuestion,
  decodeArp,
  encodeArp,
  isClaim,
  isProbe,
} from '../../src/codec/arp/packet.ts';
import { ipBytes, ipText, macText } from '../../src/codec/ip.ts';
import { TandemError } from '../../src/model/error.ts';
import type { ArpClaim } from '../../src/model/network.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { Arp } from '../../src/ports/network.ts';
import { ENETDOWN } from '../libc/errno.ts';
import { onReadable } from '../libc/readable.ts';
import { AF_PACKET, RawSocket, SOCK_DGRAM, SocketError } from '../libc/socket.ts';
import { linkAddress, lookUpNic } from './socket.ts';

const CAPACITY = 256;
const BROADCAST = new Uint8Array(6).fill(0xff);
/** Packets handled in one turn of the event loop; the rest waits for the next one. */
const TURN = 128;

/**
 * ARP on any Ethernet device of this network namespace. `probe` and `announce` throw `unreachable` while the device is
 * down, `kernel-refused` when there is none, `bad-request` for what is no IPv4 address: a probe that could not leave
 * proves nothing. A watch outlives its device going down and up again.
 * @throws TandemError `io` when a packet socket cannot be opened.
 */
export function openArp(): Arp & { close: Close } {
  // Protocol 0: this socket only sends, nothing is queued on it.
  const sender = new RawSocket(AF_PACKET, SOCK_DGRAM, 0, CAPACITY);
  const watches = new Set<Watch>();

  function broadcast(what: string, device: string, packets: (mac: Uint8Array) => readonly ArpPacket[]): void {
    const nic = lookUpNic(sender, device);
    for (const packet of packets(nic.mac)) {
      try {
        sender.send(encodeArp(packet), linkAddress(nic.index, BROADCAST));
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
    probe: (device, address) => broadcast('ARP probe', device, (mac) => [arpProbe(mac, ip4(address))]),

    announce: (device, address) => broadcast('gratuitous ARP', device, (mac) => arpAnnouncements(mac, ip4(address))),

    ask: (device, address, neighbours) =>
      broadcast('ARP request', device, (mac) =>
        neighbours.map((neighbour) => arpQuestion(mac, ip4(address), ip4(neighbour))),
      ),

    watch(device, address, onClaim, onRival) {
      return kept(watchClaims(device, ip4(address), onClaim, onRival));
    },

    watchAnswers(device, address, onAnswer) {
      const float = ip4(address);
      return kept(
        listen(
          device,
          (mac) => answerFilter(mac, float),
          ({ senderIp }) => onAnswer(ipText(senderIp)),
        ),
      );
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

interface Watch {
  readonly hear: () => void;
  readonly close: Close;
}

function watchClaims(
  device: string,
  address: Uint8Array,
  onClaim: (claim: ArpClaim) => void,
  onRival: (probe: ArpClaim) => void = () => {},
): Watch {
  return listen(
    device,
    (mac) => claimFilter(mac, address),
    (packet) => {
      const mac = macText(packet.senderMac);
      if (isClaim(packet)) onClaim({ device, address: ipText(packet.senderIp), mac });
      else if (isProbe(packet)) onRival({ device, address: ipText(packet.targetIp), mac });
    },
  );
}

/** What passes `filter`, which is told the device's MAC. */
function listen(device: string, filter: (mac: Uint8Array) => Uint8Array, onPacket: (packet: ArpPacket) => void): Watch {
  // Bound only once the filter stands, so that nothing unfiltered is ever queued.
  const socket = new RawSocket(AF_PACKET, SOCK_DGRAM, 0, CAPACITY);
  try {
    const nic = lookUpNic(socket, device);
    socket.filter(filter(nic.mac));
    socket.bind(linkAddress(nic.index));
  } catch (error) {
    socket.close();
    throw error;
  }
  let open = true;
  const hear = (): void => {
    if (!open) return;
    for (const packet of drain(socket)) {
      if (!open) return;
      onPacket(packet);
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
function drain(socket: RawSocket): ArpPacket[] {
  const packets: ArpPacket[] = [];
  for (let count = 0; count < TURN; count += 1) {
    try {
      const received = socket.receive();
      if (received === undefined) break;
      const packet = decodeArp(received.bytes);
      if (packet !== undefined) packets.push(packet);
    } catch (error) {
      if (!(error instanceof SocketError) || error.errno !== ENETDOWN) throw error;
    }
  }
  return packets;
}

function ip4(address: string): Uint8Array {
  const bytes = ipBytes(address);
  if (bytes?.length === 4) return bytes;
  throw new TandemError('bad-request', `address is ${JSON.stringify(address)}`, {
    remedy: 'ARP needs an IPv4 address',
  });
}
