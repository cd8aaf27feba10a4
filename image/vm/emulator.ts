import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { layer } from '../build/cache.ts';
import { debianArgs, debianTools, suite } from '../build/debian.ts';
import { layerKey } from '../build/key.ts';
import { type Log, run, timed } from '../build/run.ts';
import { needPackages } from '../host/packages.ts';

const program = 'qemu-system-x86_64';

/**
 * Major version from which QEMU's translation is trusted: under 7.2 a busy guest kernel died now and then of registers
 * that no instruction of its own had set.
 */
const OLDEST = 9;

/** What the emulator needs of Debian, beside the image's own suite. */
const names = ['qemu-system-x86', 'libc6'];

/** Major version of this machine's own QEMU; undefined without one. */
function ownVersion(): number | undefined {
  const said = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const major = /version (\d+)\./.exec(said.stdout ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}

let known: Promise<readonly string[]> | undefined;

/**
 * The command that runs QEMU: this machine's own, or, when that is missing or too old, the image suite's, unpacked in the
 * cache and run by its own loader. The latter takes some seconds once and a Debian mirror.
 * @throws TandemError when it cannot be fetched.
 */
export function emulator(log: Log = () => {}): Promise<readonly string[]> {
  known ??= find(log);
  return known;
}

async function find(log: Log): Promise<readonly string[]> {
  if ((ownVersion() ?? 0) >= OLDEST) return [program];
  const script = await readFile(join(import.meta.dirname, 'emulator.ts'), 'utf8');
  const { dir } = await layer('emulator', layerKey({ suite, names: names.join(' '), script }), async (work) => {
    needPackages(debianTools());
    const archive = join(work, 'tree.tar');
    const args = [...debianArgs(), '--variant=extract', `--include=${names.join(',')}`, suite, archive];
    await timed(log, `QEMU of Debian ${suite} (mmdebstrap)`, () => run('mmdebstrap', args, { timeoutSeconds: 600 }));
    await run('tar', ['-xf', archive, '-C', work, '--no-same-owner', './usr']);
    await rm(archive);
  });
  const usr = join(dir, 'usr');
  const libraries = join(usr, 'lib/x86_64-linux-gnu');
  return [
    join(usr, 'lib64/ld-linux-x86-64.so.2'),
    ...['--argv0', program, '--library-path', libraries, join(usr, 'bin', program)],
    ...['qemu', 'seabios'].flatMap((firmware) => ['-L', join(usr, 'share', firmware)]),
  ];
}
