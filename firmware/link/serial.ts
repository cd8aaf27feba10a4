import { SerialPort } from 'serialport';
import { MAX_FRAME } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import { createTally } from './tally.ts';

export interface SerialPath {
  readonly path: string;
  /** bits/s, 9600 to 921600. */
  readonly baud: number;
}

/** Between attempts to open a line that is not there, ms. */
const REOPEN = 1000;

/**
 * Beats over the null-modem line, COBS-framed. A frame is written only when the one before has left for the kernel:
 * a queue would hand the twin old news.
 */
export function openSerialLink(line: SerialPath): PeerLink {
  const tally = createTally();
  const decoder = createCobsDecoder(MAX_FRAME);
  let receive: (frame: Uint8Array) => void = () => {};
  let port: SerialPort | undefined;
  let busy = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const again = (reason: string): void => {
    tally.count(reason);
    port = undefined;
    busy = false;
    clearTimeout(retry);
    if (!closed) retry = setTimeout(open, REOPEN);
  };

  const open = (): void => {
    const fresh = new SerialPort({ path: line.path, baudRate: line.baud, rtscts: false, autoOpen: false });
    fresh.on('data', (bytes: Buffer) => {
      for (const frame of decoder.push(bytes)) receive(frame);
    });
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
      if (port === undefined) {
        tally.count('unopened');
        return;
      }
      if (busy) {
        tally.count('busy');
        return;
      }
      busy = true;
      port.write(Buffer.from(encodeCobs(frame)), (error) => {
        busy = false;
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
      port?.close();
    },
  };
}
