import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parsePackageList } from '../../../image/build/package-list.ts';
import { TandemError } from '../../../src/model/error.ts';

const list = `# a comment
[appliance]
systemd      # why
iproute2

[rack]
strace
`;

test('an appliance gets its own section, a rack both, sorted', () => {
  assert.deepEqual(parsePackageList(list, 'appliance'), ['iproute2', 'systemd']);
  assert.deepEqual(parsePackageList(list, 'rack'), ['iproute2', 'strace', 'systemd']);
});

test('every wrong line is named at once', () => {
  const text = 'kmod\n[appliance]\nUpper Case\nsystemd\nsystemd\n[other]\n';
  assert.throws(
    () => parsePackageList(text, 'rack'),
    (error: unknown) =>
      error instanceof TandemError &&
      error.code === 'bad-document' &&
      JSON.stringify(error.faults.map(({ path }) => path)) === '["line 1","line 3","line 5","line 6"]',
  );
});

test('a package twice in different sections is a fault for either flavour', () => {
  for (const flavour of ['appliance', 'rack'] as const) {
    assert.throws(() => parsePackageList(`${list}systemd\n`, flavour), TandemError);
  }
});

test('what only the tests need is in no appliance', () => {
  const shipped = readFileSync(new URL('../../../image/build/packages.list', import.meta.url), 'utf8');
  const appliance = parsePackageList(shipped, 'appliance');
  assert.ok(appliance.includes('linux-image-amd64'));
  for (const name of ['qemu-guest-agent', 'strace', 'keepalived']) assert.ok(!appliance.includes(name), name);
});
