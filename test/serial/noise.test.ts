import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { openSerialLink } from '../../firmware/link/serial.ts';
import { FRAME_SIZE } from '../../src/codec/beatFrame.ts';
import { encodeCobs } from '../../src/codec/cobs.ts';
import { openPty } from './pty.ts';

const FRAMES = 30;
/** ms; far more than a frame takes on the line. */
const LIMIT = 1000;

/** What noise does to a frame on its way. */
const DAMAGE = new Map<number, (bytes: Uint8Array) => Uint8Array>([
  [3, (bytes) => bytes.subarray(0, bytes.length - 10)],
  [8, (bytes) => Uint8Array.of(0x55, 0xaa, 0x55, ...bytes)],
  [14, (bytes) => bytes.subarray(1)],
  [20, (bytes) => Uint8Array.of(...bytes.subarray(0, 30), ...bytes.subarray(31))],
]);
const LOST = new Set([3, 20]);

/** What a lane that beats every 20 ms does while no other link brings beats, ms. */
const LOOK = 5;

/** Time for the line to be opened before frames flow, ms: until then a terminal echoes. */
const OPENING = 500;

test('bytes that noise adds or takes make no later beat wait for the one after it', { timeout: 30_000 }, async (t) => {
  const { master, path } = openPty();
  const link = openSerialLink({ path, baud: 115200 });
  const looks = setInterval(link.look, LOOK);
  t.after(() => {
    clearInterval(looks);
    link.close();
    closeSync(master);
  });
  const arrived = new EventEmitter();
  link.onFrame((frame) => arrived.emit('frame', frame[0]));
  await new Promise((resolve) => setTimeout(resolve, OPENING));
  for (let number = 1; number <= FRAMES; number++) {
    const next = LOST.has(number) ? undefined : once(arrived, 'frame', { signal: AbortSignal.timeout(LIMIT) });
    const damage = DAMAGE.get(number) ?? ((bytes) => bytes);
    writeSync(master, damage(encodeCobs(new Uint8Array(FRAME_SIZE).fill(number))));
    // No other frame is written before this one has come.
    if (next) assert.deepEqual(await next, [number]);
  }
});
