import { constants } from 'node:fs';
import { copyFile, lstat, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Base } from './base.ts';
import { layer } from './cache.ts';
import { writeIntoDisk } from './debugfs.ts';
import { gpioModules, gpioSim } from './gpioSim.ts';
import { makeInitrd } from './initrd.ts';
import { layerKey, listTree, treeDigest } from './key.ts';
import type { OverlayEntry } from './overlay.ts';
import type { Flavour } from './package-list.ts';
import { type Log, timed } from './run.ts';

const here = import.meta.dirname;
const image = join(here, '..');
/** The sources whose text decides what this layer makes of the base. */
const scripts = ['root.ts', 'overlay.ts', 'initrd.ts', 'init.sh', 'cpio.ts'];
const maskedList = join(here, 'masked.list');

function overlays(flavour: Flavour): string[] {
  return flavour === 'rack' ? [join(image, 'rootfs'), join(image, 'rack-rootfs')] : [join(image, 'rootfs')];
}

/** Names of units and udev rules out of `masked.list`. */
export function parseMasked(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Where a link to /dev/null takes the thing of this name out of service. */
export function maskPath(name: string): string {
  if (name.endsWith('.rules')) return `etc/udev/rules.d/${name}`;
  if (name.endsWith('-generator')) return `etc/systemd/system-generators/${name}`;
  return `etc/systemd/system/${name}`;
}

async function entriesOf(dir: string): Promise<OverlayEntry[]> {
  return Promise.all(
    (await listTree(dir)).map(async (path): Promise<OverlayEntry> => {
      const from = join(dir, path);
      const stat = await lstat(from);
      if (stat.isSymbolicLink()) return { kind: 'link', path, target: await readlink(from) };
      return { kind: 'file', path, from, mode: stat.mode & constants.S_IXUSR ? 0o755 : 0o644 };
    }),
  );
}

const panelEntries = (dir: string): OverlayEntry[] =>
  gpioModules.map((name) => ({
    kind: 'file',
    path: `usr/lib/tandem-rack/${name}`,
    from: join(dir, name),
    mode: 0o644,
  }));

/** The base's root disk with our overlay and masks written into a copy of it, without mounting, and the initrd. */
export async function rootDisk(base: Base, flavour: Flavour, log: Log): Promise<{ root: string; initrd: string }> {
  const masked = await readFile(maskedList, 'utf8');
  const inputs: Record<string, string> = { base: base.key, masked };
  for (const script of scripts) inputs[script] = await readFile(join(here, script), 'utf8');
  for (const [index, overlay] of overlays(flavour).entries()) inputs[`overlay ${index}`] = await treeDigest(overlay);
  const panel = flavour === 'rack' ? await gpioSim(base, log) : undefined;
  if (panel !== undefined) inputs.panel = panel.key;
  const { dir } = await layer('root', layerKey(inputs), (work) =>
    timed(log, 'overlay and initrd (debugfs)', async () => {
      const disk = join(work, 'root.ext4');
      await copyFile(base.root, disk, constants.COPYFILE_FICLONE);
      const entries: OverlayEntry[] = parseMasked(masked).map((name) => ({
        kind: 'link',
        path: maskPath(name),
        target: '/dev/null',
      }));
      for (const overlay of overlays(flavour)) entries.push(...(await entriesOf(overlay)));
      if (panel !== undefined) entries.push(...panelEntries(panel.dir));
      await writeIntoDisk(disk, entries);
      await writeFile(join(work, 'initrd'), await makeInitrd(base.stage));
    }),
  );
  return { root: join(dir, 'root.ext4'), initrd: join(dir, 'initrd') };
}
