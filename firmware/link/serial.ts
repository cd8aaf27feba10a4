import { readSync, writeSync } from 'node:fs';
import type { LinuxPortBinding } from '@serialport/bindings-cpp';
import { SerialPort } from 'serialport';
import { MAX_FRAME } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import { TandemError } from '../../src/model/error.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { libc } from '../libc/libc.ts';
import { createTally } from './tally.ts';

export interface SerialPath {
  readonly path: string;
  /** bits/s, 9600 to 921600. */
  readonly baud: number;
}

/** The line wakes nobody: its owner looks. */
export interface SerialLink extends PeerLink {
  look(): void;
}

/** Between attempts to open a line that is not there, ms. */
const REOPEN = 1000;

/** Bytes of one read; a tty holds no more. */
const READ = 4096;

/** Bytes that the kernel copies out of a tty at a time (drivers/tty/tty_io.c, iterate_tty_read). */
const CHUNK = 64;

/** ioctl_tty(2): how many bytes a tty holds. */
const TIOCINQ = 0x541b;

/**
 * Beats over the null-modem line, COBS-framed. serialport sets the line up, what comes is looked for, and written with one
 * system call on the descriptor. read(2), poll(2) and epoll_wait(2) on a tty that has too little wait until an ordinary
 * worker of the kernel has emptied the UART's buffer (tty_buffer_flush_work in drivers/tty/n_tty.c); on a busy box that takes
 * as long as its ordinary programs wait for a turn, and whoever beats must not wait with them. A thread that waits there
 * instead holds its loop's lock while it tells, as long as it gets no turn, and costs more than the beat. What the kernel
 * does not take at once is dropped: a queue would hand the twin old news.
 */
export function openSerialLink(line: SerialPath): SerialLink {
  const tally = createTally();
  const decoder = createCobsDecoder(MAX_FRAME);
  const bytes = new Uint8Array(READ);
  let receive: (frame: Uint8Array) => void = () => {};
  let port: SerialPort | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const again = (reason: string): void => {
    tally.count(reason);
    port = undefined;
    if (!closed) retry = setTimeout(open, REOPEN);
  };

  const open = (): void => {
    const { path, baud: baudRate } = line;
    const fresh = new SerialPort({ path, baudRate, rtscts: false, autoOpen: false });
    fresh.on('error', () => tally.count('line'));
    fresh.on('close', () => again('closed'));
    fresh.open((error) => {
      if (error) again('unopened');
      else if (closed) fresh.close();
      else port = fresh;
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
    look() {
      if (port === undefined) return;
      // serialport has none left while it closes; a look must not throw in the middle of a beat.
      const { fd } = port.port as LinuxPortBinding;
      const held = fd === null ? undefined : readHeld(fd, bytes);
      if (held === undefined) {
        port.close();
        port = undefined;
      } else if (held > 0) {
        for (const frame of decoder.push(bytes.subarray(0, held))) receive(frame);
      }
    },
    drops: () => ({ ...tally.read(), ...decoder.losses() }),
    close() {
      closed = true;
      clearTimeout(retry);
      port?.close();
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

const count = new Int32Array(1);
const countBytes = new Uint8Array(count.buffer);

/** Fills `into` with what the tty holds. @returns how many bytes, undefined when the line has hung up. */
function readHeld(fd: number, into: Uint8Array): number | undefined {
  if (libc.ioctl(fd, TIOCINQ, countBytes) < 0) return undefined;
  const held = Math.min(count[0]!, into.length);
  // Not one byte more than is there for certain: that would be the wait for the kernel's worker.
  for (let at = 0; at < held; ) {
    const length = readNow(fd, into.subarray(at, Math.min(at + CHUNK, held)));
    if (length === undefined) return undefined;
    at += length;
  }
  return held;
}

/** undefined when the line has hung up. */
function readNow(fd: number, into: Uint8Array): number | undefined {
  try {
    const length = readSync(fd, into);
    return length === 0 ? undefined : length;
  } catch {
    return undefined;
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
