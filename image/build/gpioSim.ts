import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import { needPackages } from '../host/packages.ts';
import type { Base } from './base.ts';
import { layer } from './cache.ts';
import { debianArgs, debianTools, suite } from './debian.ts';
import { layerKey } from './key.ts';
import { type Log, run, timed } from './run.ts';

const here = import.meta.dirname;
const script = join(here, 'gpio-sim.sh');

/** In the order in which they are loaded. */
export const gpioModules = ['irq_sim.ko', 'gpio-sim.ko'] as const;

/** `6.12.1+deb13-amd64` and `6.12` out of the base's list of packages. */
export function kernelOf(packages: string): { readonly release: string; readonly series: string } {
  const found = /^linux-image-((\d+\.\d+)\.\S+-amd64) /m.exec(packages);
  if (found) return { release: found[1]!, series: found[2]! };
  throw new TandemError('not-found', 'the base has no kernel package');
}

/**
 * The modules of a simulated GPIO chip for the base's kernel, from the cache or built in about a minute. For the rack's
 * image only: it is the front panel of a box that has none.
 * @returns the folder that holds `gpioModules`
 * @throws TandemError `io` when the archive no longer has this kernel's headers; then the base is too old.
 */
export async function gpioSim(base: Base, log: Log): Promise<{ readonly dir: string; readonly key: string }> {
  const { release, series } = kernelOf(await readFile(base.packages, 'utf8'));
  const [text, recipe] = await Promise.all([script, import.meta.filename].map((path) => readFile(path, 'utf8')));
  const key = layerKey({ suite, release, text: text!, recipe: recipe! });
  const { dir } = await layer('gpio-sim', key, async (work) => {
    needPackages(debianTools());
    const names = [`linux-headers-${release}`, `linux-source-${series}`, 'make', 'xz-utils'];
    const args = [
      ...debianArgs(),
      ...['--variant=minbase', '--format=null', '--skip=output/dev', `--include=${names.join(',')}`],
      ...[`--customize-hook=${script}`, `--customize-hook=sync-out /stage ${work}`],
      ...[suite, '/dev/null'],
    ];
    await timed(log, `simulated GPIO chip for ${release} (mmdebstrap, make)`, () =>
      run('mmdebstrap', args, { timeoutSeconds: 900 }),
    );
  });
  return { dir, key };
}
