import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Who may import whom: a room may import itself and what stands in its row. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/codec': ['src/model'],
  'src/core': ['src/model', 'src/codec'],
  'src/ports': ['src/model', 'src/codec'],
  'src/shell': ['src/model', 'src/codec', 'src/core', 'src/ports'],
  'src/console': ['src/model', 'src/core', 'src/ports', 'src/shell'],
  'src/cli': ['src/model', 'src/codec', 'src/core', 'src/ports', 'src/shell'],
  'src/setup.ts': ['src/model', 'src/codec', 'src/core', 'src/ports', 'src/shell', 'src/cli', 'firmware'],
  firmware: ['src/model', 'src/codec', 'src/ports'],
  'src/pair.ts': ['src/model', 'src/codec', 'src/core', 'src/ports', 'src/shell', 'firmware'],
  'src/controller.ts': ['src/model', 'src/codec', 'src/core', 'src/ports', 'src/shell', 'src/console', 'firmware'],
  web: ['src/model'],
};

/** Rooms that decide and describe: no Node, no waiting, no clock, no chance. */
const PURE = ['src/model', 'src/codec', 'src/core'];

/** Packages a pure room may use: they do no I/O. */
const PURE_PACKAGES = ['zod', 'yaml'];

const FORBIDDEN: readonly [RegExp, string][] = [
  [/\bawait\b/, 'await'],
  [/\basync\b/, 'async'],
  [/\bPromise\b/, 'Promise'],
  [/\bDate\b/, 'Date'],
  [/\bperformance\b/, 'performance'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b/, 'a timer'],
  [/\bprocess\./, 'process'],
  [/\bBuffer\b/, 'Buffer'],
];

/** Longest file, in lines; the exceptions say why. */
const LONGEST = 400;

const files = globSync(['src/**/*.ts', 'firmware/**/*.ts', 'web/**/*.{ts,tsx}'], { cwd: root })
  .filter((file) => !file.endsWith('.d.ts'))
  .sort();

const roomOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((room) => file === room || file.startsWith(`${room}/`));

const code = (file: string): string =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');

const importsOf = (file: string): string[] =>
  [...code(file).matchAll(/(?<![\w'])(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);

test('every file stands in a room', () => {
  assert.ok(files.length > 10, `only ${files.length} files were found`);
  assert.deepEqual(
    files.filter((file) => roomOf(file) === undefined),
    [],
  );
});

test('imports point down only', () => {
  const wrong = files.flatMap((file) => {
    const room = roomOf(file)!;
    return importsOf(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(root, resolve(root, dirname(file), target)))
      .filter((target) => {
        const other = roomOf(target);
        return other !== room && (other === undefined || !MAY_IMPORT[room]!.includes(other));
      })
      .map((target) => `${file} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('model, codec and core import neither Node nor packages with I/O', () => {
  const wrong = files
    .filter((file) => PURE.includes(roomOf(file)!))
    .flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith('.') && !PURE_PACKAGES.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test('model, codec and core never wait, read a clock, roll dice or touch the process', () => {
  const strings = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
  const wrong = files
    .filter((file) => PURE.includes(roomOf(file)!))
    .flatMap((file) => {
      const text = code(file).replace(strings, "''");
      return FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${file} uses ${what}`);
    });
  assert.deepEqual(wrong, []);
});

test('files stay small', () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > LONGEST);
  assert.deepEqual(long, []);
});
