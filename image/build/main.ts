import { readFile } from 'node:fs/promises';
import { TandemError } from '../../src/model/error.ts';
import { boxImage } from './image.ts';

const usage = `usage: npm run image [-- --appliance]

Builds the disk image that two routers boot: kernel, initrd, root disk and service disk. Prints its package list.
  --appliance  without the packages and the root shell that only the virtual rack needs
`;

async function main(args: readonly string[]): Promise<number> {
  const known = new Set(['--appliance', '--help']);
  const unknown = args.find((arg) => !known.has(arg));
  if (unknown !== undefined || args.includes('--help')) {
    process.stderr.write(unknown === undefined ? usage : `tandem: unknown argument ${unknown}\n${usage}`);
    return unknown === undefined ? 0 : 2;
  }
  const started = performance.now();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const image = await boxImage(args.includes('--appliance') ? 'appliance' : 'rack', log);
  const packages = (await readFile(image.packages, 'utf8')).trim();
  process.stdout.write(`${packages}\n`);
  log(`· ${packages.split('\n').length} packages, listed in ${image.packages}`);
  for (const part of ['kernel', 'initrd', 'root', 'service'] as const) log(`· ${part.padEnd(8)}${image[part]}`);
  log(`· image ready: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TandemError)) throw error;
  process.stderr.write(`tandem: ${error.message}\n${error.remedy === undefined ? '' : `  → ${error.remedy}\n`}`);
  process.exitCode = 1;
}
