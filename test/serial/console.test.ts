import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ReadStream } from 'node:tty';
import { parseDocument } from '../../src/model/parseDocument.ts';
import { FIRST_BOX, PASSWORD } from '../unit/core/setup/person.ts';
import { openPty } from './pty.ts';

/** The console's real process on a pseudo terminal, in a network of its own with two NICs. */

const PROMPT_MS = 30_000;
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tandem-console-'));
const place = (name: string): string => join(folder, name);
for (const name of ['etc', 'state', 'run']) mkdirSync(place(name));

const { master, path } = openPty();
// Held open, so that the terminal outlives the processes on it.
const slave = openSync(path, 'r+');
const screen = new ReadStream(master);
let seen = '';
let wake = (): void => {};
screen.on('data', (bytes: Buffer) => {
  seen += bytes.toString('latin1');
  wake();
});

const processes = new Set<ChildProcess>();
after(() => {
  for (const child of processes) child.kill('SIGKILL');
  screen.destroy();
  rmSync(folder, { recursive: true, force: true });
});

function startConsole(): ChildProcess {
  const env = { ...process.env, TANDEM_ETC: place('etc'), TANDEM_STATE: place('state'), TANDEM_RUN: place('run') };
  const line = `ip link add eth0 type veth peer name eth1 && stty raw -echo && exec "$0" "$1"`;
  const program = ['sh', '-c', line, process.execPath, join(root, 'src/setup.ts')];
  const child = spawn('unshare', ['--user', '--map-root-user', '--net', ...program], {
    cwd: root,
    env,
    stdio: [slave, slave, 'inherit'],
  });
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  return child;
}

async function until(words: RegExp): Promise<void> {
  const limit = performance.now() + PROMPT_MS;
  while (!words.test(seen)) {
    const left = limit - performance.now();
    assert.ok(left > 0, `${words} did not come; last: ${JSON.stringify(seen.slice(-300))}`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function type(lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await until(/: $/);
    seen = '';
    writeSync(master, `${line}\r`);
  }
}

test('the wizard on a terminal: a pulled cable half-way, then the box’s files', async () => {
  const first = startConsole();
  await type(FIRST_BOX.slice(0, 9));
  await until(/gateway: $/);
  first.kill('SIGHUP');
  await once(first, 'exit');
  assert.ok(!existsSync(join(place('etc'), 'node.yaml')));

  seen = '';
  const second = startConsole();
  await until(/It goes on where it was left/);
  await until(/gateway: $/);
  await type(FIRST_BOX.slice(9));
  await until(/apply it\? yes or no: $/);
  assert.ok(!existsSync(join(place('etc'), 'node.yaml')));
  const ended = once(second, 'exit');
  await type(['yes']);
  await ended;
  assert.ok(parseDocument(readFileSync(join(place('etc'), 'seed.yaml'), 'utf8')).ok);
  assert.match(readFileSync(join(place('etc'), 'node.yaml'), 'utf8'), /device: eth1/);
  const hash = readFileSync(join(place('state'), 'admin.argon2'), 'utf8');
  assert.match(hash, /^\$argon2id\$/);
  assert.ok(!existsSync(join(place('run'), 'console.json')));

  // The same box is configured now: it asks for the password, and that is the one that was chosen.
  seen = '';
  startConsole();
  await type(['not the password', PASSWORD]);
  await until(/number or word: $/);
  assert.ok(!seen.includes(PASSWORD));
});
