import { run } from './run.ts';

export interface Ext4Options {
  /** Volume label, at most 16 characters. */
  readonly label: string;
  /** Size of the file in MiB; the free space is what remains beside the tree. */
  readonly sizeMb: number;
  /** false for disks that are only ever read: no journal to replay or to write. */
  readonly journal: boolean;
}

/**
 * Makes a file that is an ext4 file system holding a copy of `tree`, without mounting and so without root. Modes are the
 * tree's, and so are owners when root runs this; for anybody else fakeroot makes root the owner of everything.
 * @throws TandemError `io` with mke2fs' words, e.g. when the tree does not fit.
 */
export async function makeExt4(path: string, tree: string, options: Ext4Options): Promise<void> {
  const features = options.journal ? [] : ['-O', '^has_journal'];
  const extended = ['-E', 'root_owner=0:0,lazy_itable_init=1'];
  const size = `${options.sizeMb}M`;
  const args = ['-q', '-F', '-t', 'ext4', '-m', '0', '-b', '4096', '-L', options.label, ...features, ...extended];
  const [command, ...before] = process.getuid?.() === 0 ? ['mke2fs'] : ['fakeroot', 'mke2fs'];
  await run(command!, [...before, ...args, '-d', tree, path, size]);
}

/** MiB that the files of a tree take, rounded up by block. */
export async function treeSizeMb(tree: string): Promise<number> {
  const [kb] = (await run('du', ['-sk', '--apparent-size', tree])).split('\t');
  return Math.ceil(Number(kb) / 1024);
}
