import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openBoxFiles, openKept } from '../../../../firmware/setup/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-setup-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const NODE = 'name: b\npublic: { device: eth0 }\nprivate: { device: eth1 }\n';
const box = { node: NODE, document: 'tandem: 1\n', password: '$argon2id$…', key: undefined };

function fresh(name: string) {
  const [etc, state] = [join(folder, name, 'etc'), join(folder, name, 'state')];
  mkdirSync(etc, { recursive: true });
  mkdirSync(state, { recursive: true });
  return { etc, state, files: openBoxFiles(etc, state) };
}

test('an installation is whole: node file, document, password and a key that only root may read', async () => {
  const { etc, state, files } = fresh('whole');
  assert.equal(files.node(), undefined);
  await files.install(box);
  assert.equal(files.node()?.name, 'b');
  assert.equal(readFileSync(join(etc, 'seed.yaml'), 'utf8'), box.document);
  const key = files.key(join(etc, 'pair.key'));
  assert.match(key, /^[0-9a-f]{64}$/);
  for (const path of [join(etc, 'pair.key'), join(state, 'admin.argon2')])
    assert.equal(statSync(path).mode & 0o777, 0o600);
  await files.install({ ...box, key: 'ab'.repeat(32) });
  assert.equal(files.key(join(etc, 'pair.key')), 'ab'.repeat(32));
});

test('what cannot be written leaves the box unconfigured', async () => {
  const { etc, files } = fresh('broken');
  // A folder in the way of the document, which is written before the node file.
  mkdirSync(join(etc, 'seed.yaml'));
  await assert.rejects(files.install(box), { code: 'io' });
  assert.equal(files.node(), undefined);
  assert.ok(!existsSync(join(etc, 'node.yaml')));
});

test('a factory reset is a mark that the next start acts on', async () => {
  const { state, files } = fresh('reset');
  await files.forget();
  assert.ok(existsSync(join(state, 'factory-reset')));
});

test('what a session leaves is read by the next one, by root alone, and can be taken back', () => {
  const path = join(folder, 'kept.json');
  const kept = openKept(path);
  assert.equal(kept.read(), undefined);
  kept.write('half');
  assert.equal(kept.read(), 'half');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  kept.write('');
  assert.equal(kept.read(), undefined);
  openKept(join(folder, 'no', 'such', 'folder')).write('lost');
});
