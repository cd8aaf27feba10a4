import { readSync, writeSync } from 'node:fs';
import type { LinuxPortBinding } from '@serialport/bindings-cpp';
import { SerialPort } from 'serialport';
import { MAX_FRAME } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { onReadable } from '../libc/readable.ts';
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
  let stopReading: Close = () => {};
  const bytes = new Uint8Array(READ);

  const again = (reason: string): void => {
    tally.count(reason);
    stopReading();
    port = undefined;
    clearTimeout(retry);
    if (!closed) retry = setTimeout(open, REOPEN);
  };

  const drain = (from: SerialPort): void => {
    let length = 0;
    try {
      length = readSync(descriptor(from), bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
    }
    if (length > 0) {
      for (const frame of decoder.push(bytes.subarray(0, length))) receive(frame);
      return;
    }
    // The line has hung up: what comes back is opened anew.
    stopReading();
    from.close();
  };

  const open = (): void => {
    const fresh = new SerialPort({ path: line.path, baudRate: line.baud, rtscts: false, autoOpen: false });
    fresh.on('error', () => tally.count('line'));
    fresh.on('close', () => again('closed'));
    fresh.open((error) => {
      if (error) again('unopened');
      else if (closed) fresh.close();
      else {
        port = fresh;
        stopReading = onReadable(descriptor(fresh), () => drain(fresh));
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
      stopReading();
      port?.close();
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
