import { spawnSync } from 'node:child_process';
import { TandemError } from '../../src/model/error.ts';

/** Whether dpkg knows this Debian package as installed. */
function installed(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
  return query.status === 0 && /^Status: \S+ \S+ installed$/m.test(query.stdout);
}

function apt(args: readonly string[]): void {
  const done = spawnSync('apt-get', args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (done.status !== 0) {
    throw new TandemError('io', `apt-get ${args.join(' ')} exited with ${done.status ?? done.error?.message}`, {
      remedy: 'see the lines above; check that this machine reaches its Debian mirror',
    });
  }
}

/** The line that an ordinary user hands to sudo. */
export function installLine(names: readonly string[]): string {
  return `sudo apt-get install --no-install-recommends ${[...names].sort().join(' ')}`;
}

/**
 * Sees to it that these Debian packages are on this machine: installs what is missing when root, with apt's own progress
 * on standard error.
 * @throws TandemError `refused` with the exact sudo line when something is missing and this is not root; `io` when apt fails.
 */
export function needPackages(names: readonly string[]): void {
  const missing = names.filter((name) => !installed(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new TandemError('refused', `these Debian packages are missing on this machine: ${missing.join(', ')}`, {
      remedy: installLine(missing),
    });
  }
  process.stderr.write(`· installing ${missing.join(', ')}\n`);
  const install = ['-qy', '--no-install-recommends', 'install', ...missing];
  const simulated = spawnSync('apt-get', ['-s', ...install], { stdio: 'ignore' });
  if (simulated.status !== 0) apt(['-q', 'update']);
  apt(install);
}
