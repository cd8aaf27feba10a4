import { createSocket, type Socket } from 'node:dgram';
import { MAX_FRAME } from '../../src/codec/beatFrame.ts';
import type { LinkId } from '../../src/model/pair.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { createTally } from './tally.ts';

/** Where a data NIC's beats go: from our own address on that NIC to the twin's, never from a float. */
export interface UdpPath {
  readonly id: LinkId;
  readonly local: string;
  readonly peer: string;
  readonly port: number;
}

/** Between attempts to bind while the NIC has no address yet, ms. */
const REBIND = 500;

/** Beats as UDP datagrams over one data NIC. A NIC that is down or without its address is retried for ever. */
export function openUdpLink(path: UdpPath): PeerLink {
  const tally = createTally();
  let receive: (frame: Uint8Array) => void = () => {};
  let socket: Socket | undefined;
  let bound = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const open = (): void => {
    const fresh = createSocket({ type: 'udp4', reuseAddr: true });
    socket = fresh;
    fresh.on('message', (bytes, from) => {
      if (from.address !== path.peer) tally.count('stranger');
      else if (bytes.length > MAX_FRAME) tally.count('oversized');
      else receive(bytes);
    });
    fresh.on('error', () => {
      tally.count('socket');
      bound = false;
      fresh.close();
      if (!closed) retry = setTimeout(open, REBIND);
    });
    fresh.bind(path.port, path.local, () => {
      bound = true;
    });
  };
  open();

  return {
    id: path.id,
    send(frame) {
      if (!bound) {
        tally.count('unbound');
        return;
      }
      socket?.send(frame, path.port, path.peer, (error) => {
        if (error) tally.count('unsent');
      });
    },
    onFrame(to) {
      receive = to;
    },
    drops: tally.read,
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      if (bound) socket?.close();
      bound = false;
    },
  };
}
