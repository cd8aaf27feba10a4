import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { copyFile, lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import type { Base } from './base.ts';
import { layer } from './cache.ts';
import { clearingCommands, type OverlayEntry, writingCommands } from './debugfs.ts';
import { layerKey, listTree, treeDigest } from './key.ts';
import type { Flavour } from './package-list.ts';
import { type Log, timed } from './run.ts';

const here = import.meta.dirname;
const image = join(here, '..');
const maskedList = join(here, 'masked-units.list');

function overlays(flavour: Flavour): string[] {
  return flavour === 'rack' ? [join(image, 'rootfs'), join(image, 'rack-rootfs')] : [join(image, 'rootfs')];
}

/** Unit names out of `masked-units.list`. */
export function parseUnits(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

async function entriesOf(dir: string): Promise<OverlayEntry[]> {
  return Promise.all(
    (await listTree(dir)).map(async (path): Promise<OverlayEntry> => {
      const from = join(dir, path);
      const stat = await lstat(from);
      if (stat.isSymbolicLink()) return { kind: 'link', path, target: await readlink(from) };
      return { kind: 'file', path, from, executable: (stat.mode & constants.S_IXUSR) !== 0 };
    }),
  );
}

/** Runs debugfs(8) on a disk. It exits with 0 whatever happens, so what it says on standard error is given back. */
function debugfs(disk: string, commands: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('debugfs', ['-w', '-f', '-', disk], { stdio: ['pipe', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    child.on('error', (cause) => reject(new TandemError('io', `debugfs: ${cause.message}`, { cause })));
    child.on('close', () => resolve(words.replace(/^debugfs [\d.]+.*\n/, '').trim()));
    child.stdin.end(`${commands.join('\n')}\n`);
  });
}

async function write(disk: string, entries: readonly OverlayEntry[]): Promise<void> {
  await debugfs(disk, clearingCommands(entries));
  const complaints = await debugfs(disk, writingCommands(entries));
  if (complaints !== '') throw new TandemError('io', `debugfs could not write the overlay:\n${complaints}`);
}

/** The base's root disk with our overlay and masked units written into a copy of it, without mounting. */
export async function rootDisk(base: Base, flavour: Flavour, log: Log): Promise<{ path: string; key: string }> {
  const masked = await readFile(maskedList, 'utf8');
  const inputs: Record<string, string> = {
    base: base.key,
    masked,
    root: await readFile(join(here, 'root.ts'), 'utf8'),
  };
  for (const [index, overlay] of overlays(flavour).entries()) inputs[`overlay ${index}`] = await treeDigest(overlay);
  const key = layerKey(inputs);
  const { dir } = await layer('root', key, (work) =>
    timed(log, 'overlay: units, masks, settings (debugfs)', async () => {
      const disk = join(work, 'root.ext4');
      await copyFile(base.root, disk, constants.COPYFILE_FICLONE);
      const entries: OverlayEntry[] = parseUnits(masked).map((unit) => ({
        kind: 'link',
        path: `etc/systemd/system/${unit}`,
        target: '/dev/null',
      }));
      for (const overlay of overlays(flavour)) entries.push(...(await entriesOf(overlay)));
      await write(disk, entries);
    }),
  );
  return { path: join(dir, 'root.ext4'), key };
}
