import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAX_PATCHES } from '../../../firmware/store/revisions.ts';
import { KEEP, openStore } from '../../../firmware/store/store.ts';
import type { TandemError } from '../../../src/model/error.ts';
import type { Patch } from '../../../src/model/patch.ts';
import type { Revision } from '../../../src/ports/store.ts';

const TEXT = 'services:\n  - name: web\n    servers:\n      - { name: s1, weight: 0 }  # the first\n';
const patch = (value: number): Patch => ({ service: 'web', server: 's1', field: 'weight', value });
const textOf = (value: number): string => TEXT.replace('weight: 0', `weight: ${value}`);

const head = (number: number): Omit<Revision, 'text'> => ({
  ...{ number, node: 'a', author: 'ann', at: 1, digest: `d${number}`, lineage: { a: number, b: 0 } },
});
const base = (number: number) => ({ number, node: 'a', digest: `d${number}` }) as const;

function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-store-'));
  const path = join(folder, 'tandem.db');
  return { path, end: () => rmSync(folder, { recursive: true }) };
}

test('a patched revision reads as its own text, whichever is asked for, and after a restart', () => {
  const { path, end } = opened();
  let store = openStore(path);
  store.addRevision({ ...head(1), text: TEXT });
  const count = 3 * MAX_PATCHES;
  for (let n = 2; n <= count; n += 1) store.addPatched(head(n), base(n - 1), patch(n));
  store.close();
  store = openStore(path);
  assert.equal(store.latest()?.text, textOf(count));
  for (let n = 2; n <= count; n += 1) assert.equal(store.revision(n)?.text, textOf(n));
  assert.equal(store.revision(1)?.text, TEXT);
  store.close();
  end();
});

test('what a kept revision stands on is kept, and no more', () => {
  const { path, end } = opened();
  const store = openStore(path);
  store.addRevision({ ...head(1), text: TEXT });
  const last = KEEP.revisions + MAX_PATCHES / 2;
  for (let n = 2; n <= last; n += 1) store.addPatched(head(n), base(n - 1), patch(n));
  const numbers = store.revisions().map(({ number }) => number);
  assert.ok(
    numbers.length >= KEEP.revisions && numbers.length <= KEEP.revisions + MAX_PATCHES + 1,
    `${numbers.length}`,
  );
  for (const number of numbers.slice(-3))
    assert.equal(store.revision(number)?.text, number === 1 ? TEXT : textOf(number));
  store.close();
  end();
});

test('a revision that another takes the place of leaves its text to who stands on it', () => {
  const { path, end } = opened();
  const store = openStore(path);
  store.addRevision({ ...head(1), text: TEXT });
  store.addPatched(head(2), base(1), patch(2));
  store.addPatched(head(3), base(2), patch(3));
  store.addRevision({ ...head(1), digest: 'other', text: 'services: []\n' });
  assert.equal(store.revision(2)?.text, textOf(2));
  assert.equal(store.revision(3)?.text, textOf(3));
  assert.equal(store.revision(1)?.text, 'services: []\n');
  store.close();
  end();
});

test('a patch on what is not here is refused and changes nothing', () => {
  const { path, end } = opened();
  const store = openStore(path);
  store.addRevision({ ...head(1), text: TEXT });
  for (const on of [base(9), { ...base(1), digest: 'other' }]) {
    assert.throws(
      () => store.addPatched(head(2), on, patch(2)),
      (error: TandemError) => error.code === 'not-found',
    );
  }
  assert.equal(store.revisions().length, 1);
  store.close();
  end();
});
