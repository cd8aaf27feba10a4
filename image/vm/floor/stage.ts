import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { repository } from '../../build/bundle.ts';
import { layer } from '../../build/cache.ts';
import { makeExt4, treeSizeMb } from '../../build/ext4.ts';
import { layerKey, listTree, treeDigest } from '../../build/key.ts';
import { closureVersions } from '../../build/modules.ts';
import { type Log, timed } from '../../build/run.ts';
import { nodeVersion, stageRuntime } from '../../build/service.ts';

/** What of the repository lies on a test machine, at /opt/tandem. */
const folders = ['src', 'firmware', 'test', 'docs', 'image/rack/bench', 'image/rootfs/etc/systemd/system'] as const;
const here = import.meta.dirname;

async function packages(): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return [...Object.keys(manifest.dependencies), 'fast-check'];
}

async function copySources(tree: string): Promise<void> {
  for (const folder of folders) {
    for (const path of await listTree(join(repository, folder))) {
      const from = join(repository, folder, path);
      const to = join(tree, folder, path);
      await mkdir(dirname(to), { recursive: true });
      if (extname(path) === '.ts') await writeFile(to, stripTypeScriptTypes(await readFile(from, 'utf8')));
      else await copyFile(from, to);
    }
  }
}

/** The read-only disk of a test machine: the runtime, the repository's sources and tests, and every package they import. */
export async function testDisk(log: Log): Promise<string> {
  const names = await packages();
  const inputs: Record<string, string> = { node: await nodeVersion(), versions: await closureVersions(names) };
  for (const folder of folders) inputs[folder] = await treeDigest(join(repository, folder));
  for (const file of ['init.sh', 'stripped.mjs', 'stage.ts']) inputs[file] = await readFile(join(here, file), 'utf8');
  const { dir } = await layer('test', layerKey(inputs), (work) =>
    timed(log, 'disk of the test machine (mke2fs)', async () => {
      const tree = join(work, 'tree');
      await stageRuntime(tree, names);
      await copySources(tree);
      await copyFile(join(here, 'init.sh'), join(tree, 'init'));
      await copyFile(join(here, 'stripped.mjs'), join(tree, 'stripped.mjs'));
      await copyFile(join(repository, 'package.json'), join(tree, 'package.json'));
      const sizeMb = Math.ceil((await treeSizeMb(tree)) * 1.1) + 16;
      await makeExt4(join(work, 'test.ext4'), tree, { label: 'tandem-test', sizeMb, journal: false });
      await rm(tree, { recursive: true });
    }),
  );
  return join(dir, 'test.ext4');
}
