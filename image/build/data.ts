import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeIntoDisk } from './debugfs.ts';
import { makeExt4 } from './ext4.ts';
import type { OverlayEntry } from './overlay.ts';

/** Room for the revisions, the statistics, the flight records and the journal of the file system. */
const sizeMb = 96;

/** A file to start a box with. `path` is relative to /var/lib/tandem; `etc/…` shows at /etc/tandem too. */
export interface SeedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permissions, default 0o644; a key wants 0o600. */
  readonly mode?: number;
}

/**
 * Makes a box's own disk, with these files in it, owned by root: mounted at /var/lib/tandem, and its folder `etc` at
 * /etc/tandem. Replaces `path` in one step.
 * @throws TandemError `io` when a tool fails.
 */
export async function makeDataDisk(path: string, files: readonly SeedFile[]): Promise<void> {
  const work = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  try {
    const tree = join(work, 'tree');
    await mkdir(join(tree, 'etc'), { recursive: true });
    const entries: OverlayEntry[] = [];
    for (const [index, file] of files.entries()) {
      const from = join(work, String(index));
      await writeFile(from, file.content);
      entries.push({ kind: 'file', path: file.path, from, mode: file.mode ?? 0o644 });
    }
    const disk = join(work, 'disk');
    await makeExt4(disk, tree, { label: 'tandem-data', sizeMb, journal: true });
    await writeIntoDisk(disk, entries);
    await rename(disk, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
