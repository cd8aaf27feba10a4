import { decodeIcmp, encodeEcho } from '../../src/codec/icmp.ts';
import type { QuestionOf } from '../../src/model/check.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Cancel, Close } from '../../src/ports/clock.ts';
import { onReadable } from '../libc/readable.ts';
import { AF_INET, RawSocket, SOCK_RAW } from '../libc/socket.ts';
import { type Attempt, type Probe, startAttempt } from './attempt.ts';

const IPPROTO_ICMP = 1;
/** raw(7): a bit set keeps that ICMP type from the socket; echo replies and unreachables pass. */
const SOL_RAW = 255;
const ICMP_FILTER = 1;
const FILTER = ~((1 << 0) | (1 << 3));
/** The longest IPv4 packet: what others send must not be an error here. */
const CAPACITY = 65_535;
const ANY = '0.0.0.0';

/** sockaddr_in. */
function inet(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint16(0, AF_INET, true);
  bytes.set(address.split('.').map(Number), 4);
  return bytes;
}

interface Door {
  readonly socket: RawSocket;
  readonly close: Close;
}

/**
 * Pings IPv4 hosts through one raw socket for each own address (CAP_NET_RAW). An answer counts when it comes from the host
 * that was asked and carries our number for it.
 */
export function createIcmpProbe(id: number): { readonly probe: Probe<QuestionOf<'icmp'>>; readonly close: Close } {
  const doors = new Map<string, Door>();
  const waiting = new Map<number, { readonly attempt: Attempt; readonly address: string }>();
  let sequence = 0;

  function doorFor(source: string): Door {
    const open = doors.get(source);
    if (open !== undefined) return open;
    const socket = new RawSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP, CAPACITY);
    try {
      socket.intOption(SOL_RAW, ICMP_FILTER, FILTER);
      socket.bind(inet(source));
    } catch (error) {
      socket.close();
      throw error;
    }
    const unwatch = onReadable(socket.fd, () => drain(socket));
    const close = (): void => {
      unwatch();
      socket.close();
    };
    const door = { socket, close };
    doors.set(source, door);
    return door;
  }

  function drain(socket: RawSocket): void {
    for (let got = socket.receive(); got !== undefined; got = socket.receive()) {
      const news = decodeIcmp(got.bytes);
      const asked = news?.id === id ? waiting.get(news.sequence) : undefined;
      if (news === undefined || asked === undefined) continue;
      if (news.type === 'unreachable') asked.attempt.fail('unreachable');
      else if (got.from.subarray(4, 8).join('.') === asked.address) {
        asked.attempt.end({ ok: true, reason: `answered in ${asked.attempt.elapsed()} ms` });
      }
    }
  }

  const probe = ({ address, source = ANY, timeout }: Parameters<Probe>[0], done: Parameters<Probe>[1]): Cancel => {
    sequence = (sequence + 1) % 65_536;
    const number = sequence;
    const attempt = startAttempt(timeout, done, () => waiting.delete(number));
    waiting.set(number, { attempt, address });
    try {
      doorFor(source).socket.send(encodeEcho({ id, sequence: number }), inet(address));
    } catch (error) {
      doors.get(source)?.close();
      doors.delete(source);
      attempt.end({ ok: null, reason: error instanceof TandemError ? error.message : String(error) });
    }
    return attempt.cancel;
  };

  return {
    probe,
    close() {
      for (const door of doors.values()) door.close();
      doors.clear();
    },
  };
}
