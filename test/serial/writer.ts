/** A worker that plays the twin: one sealed-size frame every interval, each carrying the time it was written. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { encodeCobs } from '../../src/codec/cobs.ts';

interface Orders {
  readonly fd: number;
  readonly frames: number;
  readonly interval: number;
  readonly size: number;
}

const { fd, frames, interval, size } = workerData as Orders;
let sent = 0;
const timer = setInterval(() => {
  const frame = new Uint8Array(size).fill(0xa5);
  new DataView(frame.buffer).setBigUint64(0, process.hrtime.bigint());
  new DataView(frame.buffer).setUint32(8, sent);
  writeSync(fd, encodeCobs(frame));
  sent += 1;
  if (sent === frames) clearInterval(timer);
}, interval);
