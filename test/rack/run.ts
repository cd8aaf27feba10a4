/**
 * The rack floor: starts one rack as a person would, runs test/rack/**\/*.test.ts against it, or the files named, and ends
 * it. Exit code 1 when a test fails, none ran, or the rack leaves a process behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createCounter } from '../counts.ts';
import { PATIENT_MS } from './verbs.ts';

/** A cold build and a boot on two cores. */
const WHOLE_MS = 10 * 60_000;
const END_MS = 30_000;
const testTimeoutMs = 15 * 60_000;
const root = join(import.meta.dirname, '..', '..');

/** Resolves when the pair is whole. @throws with the rack's own words when it does not become so. */
async function whole(rack: ChildProcess): Promise<void> {
  const said: string[] = [];
  let settle: (error?: Error) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  createInterface({ input: rack.stderr! }).on('line', (line) => {
    process.stderr.write(`  rack: ${line}\n`);
    said.push(line);
    if (said.length > 50) said.shift();
    if (line.includes(' s  whole: ')) settle();
    if (line.startsWith('rack: ')) settle(new Error(line));
  });
  rack.stdout!.resume();
  rack.once('error', settle);
  rack.once('close', (code) => settle(new Error(`the rack ended with ${code}: ${said.slice(-5).join(' / ')}`)));
  const timer = setTimeout(() => settle(new Error(`the rack is not whole after ${WHOLE_MS / 1000} s`)), WHOLE_MS);
  await done.finally(() => clearTimeout(timer));
}

async function tests(files: readonly string[]): Promise<boolean> {
  const options = ['--test', '--test-reporter=spec', '--test-concurrency=1', `--test-timeout=${testTimeoutMs}`];
  const child = spawn(process.execPath, [...options, ...files], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const counter = createCounter();
  createInterface({ input: child.stdout }).on('line', (line) => {
    process.stdout.write(`${line}\n`);
    counter.line(line);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const { passed, failed } = counter.counts();
  return code === 0 && failed === 0 && passed > 0;
}

/** As Ctrl-C does. @returns whether it ended in time. */
async function end(rack: ChildProcess): Promise<boolean> {
  if (rack.exitCode !== null || rack.signalCode !== null) return true;
  const closed = once(rack, 'close').then(() => true);
  rack.kill('SIGINT');
  const late = new Promise<false>((done) => setTimeout(() => done(false), END_MS).unref());
  const ended = await Promise.race([closed, late]);
  if (!ended) rack.kill('SIGKILL');
  return ended;
}

const asked = process.argv.slice(2);
const files = (asked.length > 0 ? asked : globSync('test/rack/**/*.test.ts', { cwd: root })).toSorted();
/** Only the drills judge how fast the floats move: the others shall not fail where the host is slow, or stands still for a moment. */
const PATIENT = ['--deadline', `${PATIENT_MS}`];
const measured = files.some((file) => file.includes('drills'));
const rack = spawn(process.execPath, [join(root, 'image/rack/main.ts'), ...(measured ? [] : PATIENT)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'pipe'],
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(rack).then(() => process.exit(1)));
let ok = false;
try {
  await whole(rack);
  ok = await tests(files);
} catch (error) {
  process.stderr.write(`tandem: rack floor: ${error instanceof Error ? error.message : error}\n`);
} finally {
  if (!(await end(rack))) {
    process.stderr.write(`tandem: rack floor: the rack did not end within ${END_MS / 1000} s of Ctrl-C\n`);
    ok = false;
  }
}
process.exit(ok ? 0 : 1);
