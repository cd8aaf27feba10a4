import { writeSync } from 'node:fs';
import type { LinuxPortBinding } from '@serialport/bindings-cpp';
import { SerialPort } from 'serialport';
import { FRAME_SIZE, MAX_FRAME } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import { TandemError } from '../../src/model/error.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { createTally } from './tally.ts';
import { openTty } from './tty.ts';

export interface SerialPath {
  readonly path: string;
  /** bits/s, 9600 to 921600. */
  readonly baud: number;
}

/** Between attempts to open a line that is not there, ms. */
const REOPEN = 1000;

/** Bytes of a sealed beat on the line. */
const ON_LINE = encodeCobs(new Uint8Array(FRAME_SIZE)).length;

/**
 * termios(3) VMIN: poll(2) tells of nothing less, so a beat wakes this process once and not for every few bytes that the
 * UART's FIFO holds.
 */
const ENOUGH = ON_LINE;

/** Start bit, eight data bits, stop bit. */
const BITS = 10;

/** How long one look at a silent line lasts, ms: the process cannot end while one is under way. */
const LOOK = 250;

/**
 * Beats over the null-modem line, COBS-framed. serialport sets the line up. It is read aside (tty.ts) and written with
 * one system call on its descriptor: the streams of serialport go through the thread pool several times a frame, which
 * costs more than the rest of a beat and comes late on a busy box. What the kernel does not take at once is dropped: a
 * queue would hand the twin old news.
 */
export function openSerialLink(line: SerialPath): PeerLink {
  const tally = createTally();
  const decoder = createCobsDecoder(MAX_FRAME);
  let receive: (frame: Uint8Array) => void = () => {};
  let port: SerialPort | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const again = (reason: string): void => {
    tally.count(reason);
    port = undefined;
    if (!closed) retry = setTimeout(open, REOPEN);
  };

  /** Until the line has hung up or the link is closed. The descriptor is closed when no thread is left on it. */
  const listen = async (from: SerialPort): Promise<void> => {
    const tty = openTty(descriptor(from));
    let came = false;
    while (!closed) {
      // A byte lost or added by noise leaves beats across two wake-ups: their rest is fetched, or it would come a beat late.
      const missing = came && decoder.pending() > 0 ? Math.max(1, ON_LINE - decoder.pending()) : 0;
      const bytes = await tty.take(ENOUGH, missing > 0 ? 1 + Math.ceil((missing * BITS * 1000) / line.baud) : LOOK);
      if (closed || bytes === undefined) return;
      came = bytes.length > 0;
      for (const frame of decoder.push(bytes)) receive(frame);
    }
  };

  const open = (): void => {
    const { path, baud: baudRate } = line;
    const fresh = new SerialPort({ path, baudRate, rtscts: false, vmin: ENOUGH, autoOpen: false });
    fresh.on('error', () => tally.count('line'));
    fresh.on('close', () => again('closed'));
    fresh.open((error) => {
      if (error) again('unopened');
      else if (closed) fresh.close();
      else {
        port = fresh;
        void listen(fresh).finally(() => fresh.close());
      }
    });
  };
  open();

  return {
    id: 'serial',
    send(frame) {
      if (port === undefined) tally.count('unopened');
      else if (!writeNow(port, encodeCobs(frame))) tally.count('busy');
    },
    onFrame(to) {
      receive = to;
    },
    drops: () => ({ ...tally.read(), ...decoder.losses() }),
    close() {
      closed = true;
      clearTimeout(retry);
      port = undefined;
    },
  };
}

/** serialport opens and sets up the line; its descriptor is non-blocking. */
function descriptor(port: SerialPort): number {
  const { fd } = port.port as LinuxPortBinding;
  if (fd === null) throw new TandemError('io', 'the serial line is not open');
  return fd;
}

/** The tty's own buffer (4 KiB) takes a frame at once unless the line is stuck. */
function writeNow(port: SerialPort, bytes: Uint8Array): boolean {
  try {
    return writeSync(descriptor(port), bytes) === bytes.length;
  } catch {
    return false;
  }
}
