import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpioEntry, cpio } from '../../../image/build/cpio.ts';

/** Reads a newc archive back by the letter of the kernel's buffer-format.rst. */
function read(archive: Uint8Array): { path: string; mode: number; data: string }[] {
  const members: { path: string; mode: number; data: string }[] = [];
  const text = (from: number, to: number) => Buffer.from(archive.subarray(from, to)).toString();
  const aligned = (offset: number) => (offset + 3) & ~3;
  for (let at = 0; ; ) {
    assert.equal(text(at, at + 6), '070701');
    const field = (index: number) => Number.parseInt(text(at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameEnd = at + 110 + field(11);
    const path = text(at + 110, nameEnd - 1);
    if (path === 'TRAILER!!!') return members;
    const dataAt = aligned(nameEnd);
    members.push({ path, mode: field(1), data: text(dataAt, dataAt + field(6)) });
    at = aligned(dataAt + field(6));
  }
}

test('what goes in comes out, whatever the lengths', () => {
  const entries: CpioEntry[] = [{ path: 'bin', mode: 0o040755 }];
  for (let length = 0; length < 9; length += 1) {
    entries.push({ path: `bin/${'n'.repeat(length + 1)}`, mode: 0o100755, data: Buffer.from('d'.repeat(length)) });
  }
  const wanted = entries.map(({ path, mode, data }) => ({ path, mode, data: Buffer.from(data ?? '').toString() }));
  assert.deepEqual(read(cpio(entries)), wanted);
});
