import { readSync, writeSync } from 'node:fs';
import type { LinuxPortBinding } from '@serialport/bindings-cpp';
import { SerialPort } from 'serialport';
import { FRAME_SIZE, MAX_FRAME } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import { TandemError } from '../../src/model/error.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { createTally } from './tally.ts';

export interface SerialPath {
  readonly path: string;
  /** bits/s, 9600 to 921600. */
  readonly baud: number;
}

/** Bytes of one read; a tty holds no more. */
const READ = 4096;

/** Between attempts to open a line that is not there, ms. */
const REOPEN = 1000;

/** Bytes of a sealed beat on the line. */
const ON_LINE = encodeCobs(new Uint8Array(FRAME_SIZE)).length;

/**
 * termios(3) VMIN: poll(2) tells of nothing less, so a beat wakes this process once and not for every few bytes that the
 * UART's FIFO holds. A little less than a beat: one that lost its first byte to noise is still whole.
 */
const ENOUGH = ON_LINE - 3;

/** Start bit, eight data bits, stop bit. */
const BITS = 10;

/**
 * Beats over the null-modem line, COBS-framed. Bytes are read and written with one system call each on the descriptor
 * that serialport set up: its streams go through the thread pool several times a frame, which costs more than the rest
 * of a beat and comes late on a busy box. What the kernel does not take at once is dropped: a queue would hand the
 * twin old news.
 */
export function openSerialLink(line: SerialPath): PeerLink {
  const tally = createTally();
  const decoder = createCobsDecoder(MAX_FRAME);
  let receive: (frame: Uint8Array) => void = () => {};
  let port: SerialPort | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let rest: NodeJS.Timeout | undefined;
  const bytes = new Uint8Array(READ);

  const again = (reason: string): void => {
    tally.count(reason);
    port = undefined;
    clearTimeout(retry);
    clearTimeout(rest);
    if (!closed) retry = setTimeout(open, REOPEN);
  };

  /** Level-triggered: what is not read now calls again. */
  const wait = (from: SerialPort): void => {
    binding(from).poller.once('readable', (error) => {
      // A poller that is destroyed calls too, and must not be touched any more.
      if (from !== port || !from.isOpen || from.closing) return;
      if (error) from.close();
      else if (read(from)) wait(from);
    });
  };

  /** What the line holds. False when it has hung up: what comes back is opened anew. */
  const read = (from: SerialPort): boolean => {
    clearTimeout(rest);
    // One read(2) may give less than there is (n_tty.c: 64 bytes), but a beat's end is the end of what is worth asking for.
    for (let held = true; held; held = decoder.pending() > 0) {
      const length = readNow(from, bytes);
      if (length === 0) {
        from.close();
        return false;
      }
      if (length === undefined) break;
      for (const frame of decoder.push(bytes.subarray(0, length))) receive(frame);
    }
    // A byte lost or added by noise leaves beats across two wake-ups: their rest is fetched, or it would come a beat late.
    const missing = decoder.pending() > 0 ? ON_LINE - decoder.pending() : 0;
    if (missing > 0)
      rest = setTimeout(() => from === port && read(from), 1 + Math.ceil((missing * BITS * 1000) / line.baud));
    return true;
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
        wait(fresh);
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
    drops: tally.read,
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      clearTimeout(rest);
      port?.close();
    },
  };
}

const binding = (port: SerialPort): LinuxPortBinding => port.port as LinuxPortBinding;

/** serialport opens and sets up the line; its descriptor is non-blocking. */
function descriptor(port: SerialPort): number {
  const { fd } = binding(port);
  if (fd === null) throw new TandemError('io', 'the serial line is not open');
  return fd;
}

/** Bytes read, 0 when the line has hung up, undefined when it holds none. */
function readNow(port: SerialPort, bytes: Uint8Array): number | undefined {
  try {
    return readSync(descriptor(port), bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : 0;
  }
}

/** The tty's own buffer (4 KiB) takes a frame at once unless the line is stuck. */
function writeNow(port: SerialPort, bytes: Uint8Array): boolean {
  try {
    return writeSync(descriptor(port), bytes) === bytes.length;
  } catch {
    return false;
  }
}
