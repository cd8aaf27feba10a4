/** `npm test`: every floor, one after the other, with each floor's count; fails when a test fails and when a floor ran none. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needPackages } from '../image/host/packages.ts';
import { BROWSER_PACKAGES } from './browser/packages.ts';
import { type Counts, createCounter } from './counts.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

interface Floor {
  readonly name: string;
  readonly what: string;
  /** Commands in order; those of a floor with `counted` print node:test's closing lines. */
  readonly commands: () => readonly (readonly string[])[];
  readonly counted: boolean;
}

function nodeTest(pattern: string, ...options: string[]): string[] {
  const files = globSync(pattern, { cwd: root }).sort();
  if (files.length === 0) throw new Error(`no test file matches ${pattern}`);
  return [process.execPath, '--test', '--test-reporter=spec', ...options, ...files];
}

const FLOORS: readonly Floor[] = [
  {
    name: 'check',
    what: 'types and style',
    commands: () => [
      [bin('tsc'), '-p', '.'],
      [bin('tsc'), '-p', 'tsconfig.web.json'],
      [bin('biome'), 'check', '.'],
    ],
    counted: false,
  },
  { name: 'unit', what: 'pure parts, seconds', commands: () => [nodeTest('test/unit/**/*.test.ts')], counted: true },
  {
    name: 'console',
    what: 'the web console over TLS against hostile input, alone on the machine',
    commands: () => {
      needPackages(['openssl']);
      return [nodeTest('test/console/**/*.test.ts', '--test-concurrency=1')];
    },
    counted: true,
  },
  {
    name: 'serial',
    what: 'latency of a serial read on a pty, alone on the machine',
    commands: () => [nodeTest('test/serial/**/*.test.ts', '--test-concurrency=1')],
    counted: true,
  },
  {
    name: 'drill',
    what: 'the measuring programs against faults of known length, in namespaces',
    commands: () => {
      needPackages(['iproute2', 'nftables', 'util-linux']);
      return [nodeTest('test/drill/**/*.test.ts', '--test-concurrency=1')];
    },
    counted: true,
  },
  {
    name: 'sim',
    what: 'two unmodified cores on simulated wires, clocks, disks and kernels',
    commands: () => [nodeTest('test/sim/**/*.test.ts', '--test-concurrency=1')],
    counted: true,
  },
  {
    name: 'kernel',
    what: 'real IPVS in a VM',
    commands: () => [[process.execPath, 'test/kernel/run.ts']],
    counted: true,
  },
  {
    name: 'rack',
    what: 'two booted images serve the figure; the drills are run apart: npm run test:drills',
    commands: () => [[process.execPath, 'test/rack/run.ts', 'test/rack/figure.test.ts', 'test/rack/panel.test.ts']],
    counted: true,
  },
  {
    name: 'browser',
    what: 'the web console in Chromium against two booted images',
    commands: () => {
      needPackages(BROWSER_PACKAGES);
      return [[process.execPath, 'test/rack/run.ts', 'test/browser/console.test.ts']];
    },
    counted: true,
  },
];

function run(command: readonly string[], onLine: (line: string) => void): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      onLine(rest);
      resolve(code ?? 1);
    });
  });
}

interface Outcome {
  readonly floor: Floor;
  readonly seconds: number;
  readonly ok: boolean;
  readonly counts: Counts;
}

async function runFloor(floor: Floor): Promise<Outcome> {
  process.stdout.write(`\n== ${floor.name}: ${floor.what}\n`);
  const begin = performance.now();
  const counter = createCounter();
  let ok = true;
  for (const command of floor.commands()) {
    if ((await run(command, counter.line)) !== 0) ok = false;
  }
  const counts = counter.counts();
  if (floor.counted && counts.passed === 0) ok = false;
  return { floor, seconds: Math.round((performance.now() - begin) / 1000), ok, counts };
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !FLOORS.some((floor) => floor.name === name));
if (unknown !== undefined) {
  process.stderr.write(
    `test: no floor is called "${unknown}"; there are ${FLOORS.map((floor) => floor.name).join(', ')}\n`,
  );
  process.exit(2);
}

const outcomes: Outcome[] = [];
for (const floor of FLOORS) {
  if (asked.length === 0 || asked.includes(floor.name)) outcomes.push(await runFloor(floor));
}

process.stdout.write('\n== floors\n');
for (const { floor, ok, counts, seconds } of outcomes) {
  const figures = floor.counted
    ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
    : 'not counted';
  process.stdout.write(`${floor.name.padEnd(8)}${ok ? 'ok    ' : 'FAILED'}  ${figures}, ${seconds} s\n`);
}
const total = (pick: (counts: Counts) => number): number => outcomes.reduce((sum, { counts }) => sum + pick(counts), 0);
const broken = outcomes.filter(({ ok, counts }) => !ok && counts.failed === 0).length;
process.stdout.write(
  `${total((counts) => counts.passed)} passed, ${total((counts) => counts.failed) + broken} failed, ${total((counts) => counts.skipped)} skipped\n`,
);
process.exit(outcomes.every(({ ok }) => ok) ? 0 : 1);
