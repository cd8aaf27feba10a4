import { base } from './base.ts';
import { cacheDir } from './cache.ts';
import type { Flavour } from './package-list.ts';
import { rootDisk } from './root.ts';
import type { Log } from './run.ts';
import { serviceDisk } from './service.ts';

/** Files that one box or many boot from; all are read only, so all boxes share them. */
export interface Image {
  readonly kernel: string;
  readonly initrd: string;
  /** The root disk: vda. */
  readonly root: string;
  /** The list `name version` a line of the Debian packages in it. */
  readonly packages: string;
}

/** The image with the service disk, which a router attaches as vdb. */
export interface BoxImage extends Image {
  readonly service: string;
}

/** Kernel, initrd and root disk, from the cache or built. Without the service: what the kernel floor needs. */
export async function bareImage(flavour: Flavour, log: Log): Promise<Image> {
  const debian = await base(flavour, log);
  const { root, initrd } = await rootDisk(debian, flavour, log);
  return { kernel: debian.kernel, initrd, root, packages: debian.packages };
}

/**
 * Everything a router boots from, but its data disk (`makeDataDisk`). Attach root, service and data as vda, vdb and vdc and
 * add `boxAppend` to the kernel's command line.
 * @throws TandemError with what was tried and what to do about it.
 */
export async function boxImage(flavour: Flavour, log: Log): Promise<BoxImage> {
  log(`· cache: ${cacheDir()}`);
  const bare = await bareImage(flavour, log);
  const service = await serviceDisk(log);
  return { ...bare, service: service.path };
}

/** The words on the kernel's command line that tell the initrd where the disks are and the box its name. */
export function boxAppend(hostname: string, flavour: Flavour): string {
  const words = ['tandem.service=/dev/vdb', 'tandem.data=/dev/vdc', `systemd.hostname=${hostname}`];
  return [...words, ...(flavour === 'rack' ? ['tandem.rack'] : [])].join(' ');
}
