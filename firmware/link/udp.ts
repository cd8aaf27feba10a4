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
  let ready = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const shut = (): void => {
    socket?.close();
    socket = undefined;
    ready = false;
  };

  const open = (): void => {
    const fresh = createSocket({ type: 'udp4', reuseAddr: true });
    socket = fresh;
    fresh.on('message', (bytes) => {
      if (bytes.length > MAX_FRAME) tally.count('oversized');
      else receive(bytes);
    });
    fresh.on('error', (error: NodeJS.ErrnoException) => {
      // The twin's kernel says that nobody listens there: true until its lane starts, and no fault of this socket.
      if (error.code === 'ECONNREFUSED') {
        tally.count('refused');
        return;
      }
      if (socket !== fresh) return;
      tally.count('socket');
      shut();
      if (!closed) retry = setTimeout(open, REBIND);
    });
    // Connected, the kernel lets in the twin's datagrams only, and a send needs no look-up of the address.
    fresh.bind(path.port, path.local, () => {
      if (socket !== fresh) return;
      fresh.connect(path.port, path.peer, () => {
        ready = socket === fresh;
      });
    });
  };
  open();

  return {
    id: path.id,
    send(frame) {
      if (!ready) {
        tally.count('unbound');
        return;
      }
      socket?.send(frame, (error) => {
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
      shut();
    },
  };
}
