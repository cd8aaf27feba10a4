import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../../../image/rack/needs.ts';

const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });

const links = (): string => spawnSync('ip', ['-br', 'link'], { encoding: 'utf8' }).stdout;

test('the private world has the figure’s networks and no way out, and nothing of it stays', () => {
  const before = links();
  const dir = mkdtempSync(join(tmpdir(), 'tandem-world-'));
  const args = [...needs(), process.execPath, join(import.meta.dirname, 'world.inside.ts'), dir];
  const done = spawnSync('unshare', args, { encoding: 'utf8', timeout: 30_000 });
  rmSync(dir, { recursive: true });
  assert.equal(done.status, 0, done.stderr);
  const found = JSON.parse(done.stdout) as Record<string, string>;
  assert.equal(found.answer, 's2 192.0.2.11');
  for (const name of ['wan', 'lan', 'a-wan', 'a-lan', 'b-wan', 'b-lan', 'gateway', 's1', 's2', 's3']) {
    assert.match(found.links!, RegExp(`^${name}\\b`, 'm'));
  }
  assert.match(found.bridge!, /forward_delay 0 .*stp_state 0 .*mcast_snooping 0/);
  assert.match(found.routes!, /^192\.0\.2\.0\/24 dev lan [^\n]*$/);
  assert.match(found.client!, /^default via 203\.0\.113\.1 /);
  assert.match(found.server!, /^default via 192\.0\.2\.1 /);
  assert.match(found.gateway!, /^1\n[\s\S]*198\.51\.100\.1\/24[\s\S]*203\.0\.113\.1\/24/);
  assert.equal(links(), before);
  assert.deepEqual(
    commandLines().filter((line) => line.includes(dir)),
    [],
  );
});

test('killing unshare alone takes everything in the world with it', async () => {
  const mark = `sleep 86${process.pid}`;
  const child = spawn('unshare', [...needs(), 'sh', '-c', `setsid ${mark} & echo up; wait`]);
  await once(child.stdout, 'data');
  assert.ok(commandLines().some((line) => line.includes(mark)));
  child.kill('SIGKILL');
  await once(child.stdout, 'close');
  assert.ok(!commandLines().some((line) => line.trim() === mark));
});
