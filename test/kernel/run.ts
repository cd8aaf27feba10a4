/**
 * The kernel floor: runs test/kernel/**\/*.test.ts, or the files named, as root in a VM whose kernel has IPVS. Exit code 1 when
 * a test fails or none ran.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { runInVm } from '../../image/vm/floor/run.ts';
import { TandemError } from '../../src/model/error.ts';
import { createCounter } from '../counts.ts';

/** The whole floor, a file of it and a test of that: what never ends is named, not waited for, also when it never yields. */
const timeoutSeconds = 900;
const fileTimeoutSeconds = 240;
const testTimeoutMs = 120_000;
const root = join(import.meta.dirname, '..', '..');

const asked = process.argv.slice(2);
const files = (asked.length > 0 ? asked : globSync('test/kernel/**/*.test.ts', { cwd: root })).toSorted();
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

const counter = createCounter();
const quoted = files.map((file) => `'${file.replaceAll("'", "'\\''")}'`).join(' ');
const colours = process.stdout.isTTY ? '' : 'export NO_COLOR=1';
const script = `${colours}
result=0
for file in ${quoted}; do
  timeout -s KILL ${fileTimeoutSeconds} node --test-reporter=spec --test-timeout=${testTimeoutMs} "$file"
  code=$?
  [ $code -eq 0 ] || result=1
  [ $code -ne 137 ] || echo "✖ $file: not done within ${fileTimeoutSeconds} s"
done
exit $result`;
try {
  if (files.length === 0) throw new TandemError('not-found', 'no file matches test/kernel/**/*.test.ts');
  const { code, output } = await runInVm(script, {
    timeoutSeconds,
    signal: abort.signal,
    onOutput: (text) => process.stdout.write(text),
  });
  for (const line of output.split('\n')) counter.line(line);
  const { passed, failed } = counter.counts();
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1;
  if (passed + failed === 0) process.stderr.write('tandem: the kernel floor ran no test\n');
} catch (error) {
  if (!(error instanceof TandemError)) throw error;
  process.stderr.write(
    `tandem: kernel floor: ${error.message}\n${error.remedy === undefined ? '' : `  → ${error.remedy}\n`}`,
  );
  process.exitCode = 1;
}
