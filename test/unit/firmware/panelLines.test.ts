import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chips, numberOf } from '../../../firmware/panel/lines.ts';

function sysfs(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tandem-gpio-'));
  const chip = (name: string, label: string, base: number, ngpio: number) => {
    mkdirSync(join(dir, name));
    for (const [file, text] of Object.entries({ label, base, ngpio }))
      writeFileSync(join(dir, name, file), `${text}\n`);
  };
  chip('gpiochip512', 'pch', 512, 32);
  chip('gpiochip544', 'tandem-panel', 544, 5);
  mkdirSync(join(dir, 'gpio545'));
  return dir;
}

test('a line is found by its chip’s label and its offset, wherever the kernel’s numbers begin', () => {
  const known = chips(sysfs());
  assert.equal(numberOf({ chip: 'tandem-panel', offset: 4, activeLow: false }, known), 548);
  assert.equal(numberOf({ chip: 'pch', offset: 0, activeLow: false }, known), 512);
});

test('a chip that is not there, and a line beyond its last one, are refused by name', () => {
  const known = chips(sysfs());
  assert.throws(
    () => numberOf({ chip: 'other', offset: 0, activeLow: false }, known),
    /no GPIO chip is labelled other/,
  );
  assert.throws(
    () => numberOf({ chip: 'tandem-panel', offset: 5, activeLow: false }, known),
    /has no line 5: it has 5/,
  );
});

test('a kernel without GPIO has no chips', () => {
  assert.deepEqual(chips(join(tmpdir(), 'tandem-no-such-folder')), []);
});
