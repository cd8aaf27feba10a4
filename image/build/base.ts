import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { needPackages } from '../host/packages.ts';
import { layer } from './cache.ts';
import { debianArgs, debianTools, suite } from './debian.ts';
import { makeExt4, treeSizeMb } from './ext4.ts';
import { layerKey } from './key.ts';
import { type Flavour, parsePackageList } from './package-list.ts';
import { type Log, run, timed } from './run.ts';

const here = import.meta.dirname;
/** Room on the read-only root for the overlay. */
const spareMb = 24;

/** The sources whose text decides what the base looks like. */
const scripts = ['base.ts', 'debian.ts', 'customize.sh', 'ext4.ts'];

/** The Debian root without any of our files: kernel, root disk, what the initrd is made of and the list of what is in it. */
export interface Base {
  readonly dir: string;
  readonly key: string;
  readonly kernel: string;
  readonly root: string;
  /** Folder with busybox, modules/*.ko and modules/order. */
  readonly stage: string;
  /** `name version` a line, sorted. */
  readonly packages: string;
}

function mmdebstrapArgs(names: readonly string[], target: string, stage: string): string[] {
  const keep = (path: string) => `--dpkgopt=path-exclude=${path}`;
  return [
    ...debianArgs(),
    '--variant=minbase',
    `--include=${names.join(',')}`,
    ...['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*', '/usr/share/lintian/*'].map(keep),
    // Without its kernel hook initramfs-tools makes no initrd: ours is smaller and takes no 14 s to make.
    keep('/etc/kernel/postinst.d/initramfs-tools'),
    '--skip=output/dev',
    `--customize-hook=${join(here, 'customize.sh')}`,
    `--customize-hook=sync-out /stage ${stage}`,
    '--customize-hook=rm -rf "$1/stage"',
    suite,
    target,
  ];
}

/** As an ordinary user the tree only exists with its owners inside fakeroot, from the archive to the disk. */
async function diskFromArchive(archive: string, tree: string, root: string): Promise<void> {
  const size = `$(($(du -sm --apparent-size "$2" | cut -f1) * 5 / 4 + ${spareMb}))M`;
  const script = `mkdir "$2" && tar -xf "$1" -C "$2" && mke2fs -q -F -t ext4 -m 0 -b 4096 -L tandem-root -O ^has_journal \
    -E root_owner=0:0,lazy_itable_init=1 -d "$2" "$3" ${size}`;
  await run('fakeroot', ['sh', '-ec', script, 'sh', archive, tree, root]);
}

async function build(dir: string, names: readonly string[], log: Log): Promise<void> {
  const asRoot = process.getuid?.() === 0;
  const tree = join(dir, 'tree');
  const stage = join(dir, 'stage');
  const root = join(dir, 'root.ext4');
  await mkdir(stage);
  const target = asRoot ? tree : join(dir, 'tree.tar');
  await timed(log, `Debian ${suite} with ${names.length} packages and what they need (mmdebstrap)`, () =>
    run('mmdebstrap', mmdebstrapArgs(names, target, stage), { timeoutSeconds: 900 }),
  );
  await timed(log, 'root disk (mke2fs)', async () => {
    if (!asRoot) return diskFromArchive(target, tree, root);
    const sizeMb = Math.ceil((await treeSizeMb(tree)) * 1.25) + spareMb;
    return makeExt4(root, tree, { label: 'tandem-root', sizeMb, journal: false });
  });
  await rename(join(stage, 'vmlinuz'), join(dir, 'vmlinuz'));
  await rename(join(stage, 'packages.txt'), join(dir, 'packages.txt'));
  for (const leftover of [tree, join(dir, 'tree.tar')]) await rm(leftover, { recursive: true, force: true });
}

/** The base for one flavour, from the cache or built in about a minute. */
export async function base(flavour: Flavour, log: Log): Promise<Base> {
  const names = parsePackageList(await readFile(join(here, 'packages.list'), 'utf8'), flavour);
  const inputs: Record<string, string> = { suite, names: names.join(' ') };
  for (const script of scripts) inputs[script] = await readFile(join(here, script), 'utf8');
  const key = layerKey(inputs);
  const { dir } = await layer('base', key, (work) => {
    const tools = [...debianTools(), 'e2fsprogs'];
    needPackages(process.getuid?.() === 0 ? tools : [...tools, 'fakeroot']);
    return build(work, names, log);
  });
  const file = (name: string) => join(dir, name);
  return {
    dir,
    key,
    kernel: file('vmlinuz'),
    root: file('root.ext4'),
    stage: file('stage'),
    packages: file('packages.txt'),
  };
}
