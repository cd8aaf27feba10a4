import assert from 'node:assert/strict';
import { closeSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { openSerialLink } from '../../firmware/link/serial.ts';
import { FRAME_SIZE } from '../../src/codec/beatFrame.ts';
import { encodeCobs } from '../../src/codec/cobs.ts';
import { openPty } from './pty.ts';

const LOOK = 5;

test('a line that hangs up is let go and opened again, and sends into it are counted', {
  timeout: 30_000,
}, async (t) => {
  const { master, path } = openPty();
  const link = openSerialLink({ path, baud: 115200 });
  t.after(() => link.close());
  const look = async (): Promise<void> => {
    link.look();
    await new Promise((done) => setTimeout(done, LOOK));
  };
  const frame = encodeCobs(new Uint8Array(FRAME_SIZE).fill(1));
  let heard = 0;
  link.onFrame(() => {
    heard += 1;
  });
  while (heard === 0) {
    writeSync(master, frame);
    await look();
  }
  closeSync(master);
  while (link.drops().closed === undefined) await look();
  link.send(new Uint8Array(FRAME_SIZE));
  assert.equal(link.drops().unopened, 1);
  // The path is gone with the master: each attempt to open it again is counted, too.
  while ((link.drops().unopened ?? 0) < 2) await look();
});
