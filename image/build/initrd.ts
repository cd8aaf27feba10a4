import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CpioEntry, cpio } from './cpio.ts';

const folder = 0o040755;
const program = 0o100755;

/**
 * The initrd: busybox, `init.sh` and the modules in the order they depend on each other. Uncompressed, because the
 * emulator copies it for nothing while the guest would have to unpack it.
 * @param stage what `customize.sh` left: busybox, modules/*.ko, modules/order
 */
export async function makeInitrd(stage: string): Promise<Uint8Array> {
  const order = (await readFile(join(stage, 'modules/order'), 'utf8')).trim().split('\n');
  const entries: CpioEntry[] = ['bin', 'dev', 'proc', 'root', 'modules'].map((path) => ({ path, mode: folder }));
  const add = async (path: string, file: string) => {
    entries.push({ path, mode: program, data: await readFile(file) });
  };
  await add('bin/busybox', join(stage, 'busybox'));
  await add('init', join(import.meta.dirname, 'init.sh'));
  await add('modules/order', join(stage, 'modules/order'));
  for (const module of order) await add(`modules/${module}`, join(stage, 'modules', module));
  return cpio(entries);
}
