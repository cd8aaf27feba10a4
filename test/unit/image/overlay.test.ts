import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clearingCommands, foldersOf, type OverlayEntry, writingCommands } from '../../../image/build/overlay.ts';
import { maskPath, parseMasked } from '../../../image/build/root.ts';

const entries: OverlayEntry[] = [
  { kind: 'file', path: 'etc/tandem/pair.key', from: '/tmp/key', mode: 0o600 },
  { kind: 'link', path: 'etc/systemd/system/x.service', target: '/dev/null' },
];

test('folders come before what is in them, each once', () => {
  const folders = foldersOf(['a/b/c', 'a/b/d', 'a/e', 'f']);
  assert.deepEqual(folders, ['a', 'a/b']);
});

test('what stood there is cleared first, then written with owner and permissions', () => {
  assert.deepEqual(clearingCommands(entries).slice(-2), [
    'rm "/etc/tandem/pair.key"',
    'rm "/etc/systemd/system/x.service"',
  ]);
  assert.deepEqual(writingCommands(entries), [
    'write "/tmp/key" "/etc/tandem/pair.key"',
    'set_inode_field "/etc/tandem/pair.key" mode 0100600',
    'set_inode_field "/etc/tandem/pair.key" uid 0',
    'set_inode_field "/etc/tandem/pair.key" gid 0',
    'symlink "/etc/systemd/system/x.service" "/dev/null"',
  ]);
});

test('masked units are named once each', () => {
  const names = parseMasked(readFileSync(new URL('../../../image/build/masked.list', import.meta.url), 'utf8'));
  assert.equal(new Set(names).size, names.length);
  for (const name of names)
    assert.match(name, /^[\w@.-]+\.(service|socket|timer|mount|automount|path|rules)$|-generator$/);
  assert.ok(!names.some((name) => name.startsWith('tandem-')));
});

test('a mask lies where the thing of that name would be looked for first', () => {
  assert.equal(maskPath('nftables.service'), 'etc/systemd/system/nftables.service');
  assert.equal(maskPath('70-mouse.rules'), 'etc/udev/rules.d/70-mouse.rules');
  assert.equal(maskPath('systemd-ssh-generator'), 'etc/systemd/system-generators/systemd-ssh-generator');
});
