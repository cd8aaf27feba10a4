/**
 * `npm run golden`: records in a VM what ip(8) and ipvsadm(8) really exchange with its kernel and writes the fixtures of
 * test/unit/codec/golden. Run it when the image's kernel changes, and read the difference before committing it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInVm } from '../../../image/vm/floor/run.ts';
import type { Golden } from './fixture.ts';

const target = join(import.meta.dirname, '../../unit/codec/golden');

const { code, output } = await runInVm('node test/kernel/golden/record.ts', { timeoutSeconds: 240 });
if (code !== 0) throw new Error(`the recorder exited with ${code}`);
mkdirSync(target, { recursive: true });
for (const [tool, golden] of Object.entries(JSON.parse(output) as Record<string, Golden>)) {
  writeFileSync(join(target, `${tool}.json`), `${JSON.stringify(golden, null, 1)}\n`);
  const count = golden.commands.reduce((sum, command) => sum + command.datagrams.length, 0);
  console.log(
    `${tool}.json: ${golden.commands.length} commands, ${count} datagrams, ${golden.tool}, Linux ${golden.kernel}`,
  );
}
