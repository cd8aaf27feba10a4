import assert from 'node:assert/strict';
import { closeSync } from 'node:fs';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { openSerialLink } from '../../firmware/link/serial.ts';
import { FRAME_SIZE } from '../../src/codec/beatFrame.ts';
import { openPty } from './pty.ts';

const FRAMES = 500;
const INTERVAL = 20;

/** What a lane that beats every 20 ms does while no other link brings beats, ms. */
const LOOK = 5;

/** Time for the line to be opened before frames flow, ms. */
const OPENING = 500;

test('every beat on the serial line arrives, p99 within 10 ms of being written', { timeout: 60_000 }, async (t) => {
  const { master, path } = openPty();
  const link = openSerialLink({ path, baud: 115200 });
  const looks = setInterval(link.look, LOOK);
  const latencies: number[] = [];
  const numbers = new Set<number>();
  const all = new Promise<void>((resolve) => {
    link.onFrame((frame) => {
      const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
      latencies.push(Number(process.hrtime.bigint() - view.getBigUint64(0)) / 1e6);
      numbers.add(view.getUint32(8));
      if (view.getUint32(8) === FRAMES - 1) resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, OPENING));
  const worker = new Worker(new URL('./writer.ts', import.meta.url), {
    workerData: { fd: master, frames: FRAMES, interval: INTERVAL, size: FRAME_SIZE },
  });
  const late = new Promise<void>((resolve) => setTimeout(resolve, FRAMES * INTERVAL * 2).unref());
  await Promise.race([all, late]);
  await worker.terminate();
  clearInterval(looks);
  link.close();
  closeSync(master);

  latencies.sort((x, y) => x - y);
  const at = (share: number): number =>
    latencies[Math.floor((latencies.length - 1) * share)] ?? Number.POSITIVE_INFINITY;
  t.diagnostic(
    `${latencies.length} of ${FRAMES} frames, p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms, worst ${at(1).toFixed(2)} ms`,
  );
  assert.equal(numbers.size, FRAMES, 'every frame arrives');
  assert.ok(at(0.99) <= 10, `p99 is ${at(0.99).toFixed(2)} ms`);
});
