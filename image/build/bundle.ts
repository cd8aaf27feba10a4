import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { TandemError } from '../../src/model/error.ts';
import { builtins } from './builtins.ts';

export const repository = join(import.meta.dirname, '..', '..');

/** The programs of the box, by the name of their bundle. */
const entries: Readonly<Record<string, string>> = {
  pair: 'src/pair.ts',
  controller: 'src/controller.ts',
  cli: 'src/cli/main.ts',
  setup: 'src/setup.ts',
};

/** The web console's page: text that the browser reads as it is, beside its one script. */
const pageFiles = ['index.html', 'app.css', 'icon.svg'] as const;

/** Packages that bring compiled code and so stay files of their own in `node_modules`. */
export const nativePackages: readonly string[] = ['koffi', 'better-sqlite3', 'epoll', '@serialport/bindings-cpp'];

/** CommonJS packages inside an ES module bundle still call `require` for Node's own modules. */
const requireBanner = [
  "import { createRequire as tandemCreateRequire } from 'node:module';",
  'const require = tandemCreateRequire(import.meta.url);',
].join('\n');

/**
 * One ES module for each program, with its source map: reading one file starts several times faster under emulation than
 * stripping the types of a hundred.
 * @returns file name → contents
 * @throws TandemError `not-found` naming the entries that do not exist; `io` with esbuild's words.
 */
export async function bundles(): Promise<Record<string, Uint8Array>> {
  const missing = Object.values(entries).filter((entry) => !existsSync(join(repository, entry)));
  if (missing.length > 0) throw new TandemError('not-found', `nothing to bundle: no ${missing.join(', ')}`);
  try {
    const result = await build({
      absWorkingDir: repository,
      entryPoints: { ...entries },
      outdir: 'bundles',
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      sourcemap: true,
      sourcesContent: false,
      legalComments: 'none',
      logLevel: 'silent',
      // Half the text to read at a start. Names and lines stay, for a stack trace in the journal.
      minifyWhitespace: true,
      minifySyntax: true,
      lineLimit: 160,
      external: [...nativePackages],
      plugins: [builtins],
      banner: { js: requireBanner },
    });
    return Object.fromEntries(result.outputFiles.map((file) => [basename(file.path), file.contents]));
  } catch (cause) {
    throw new TandemError('io', `esbuild: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The files of the web console's page, nothing in them from another host.
 * @returns file name → contents
 * @throws TandemError `io` with esbuild's words.
 */
export async function page(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const name of pageFiles) files[name] = await readFile(join(repository, 'web', name));
  try {
    const result = await build({
      absWorkingDir: repository,
      entryPoints: { app: 'web/main.tsx' },
      outdir: 'page',
      write: false,
      bundle: true,
      minify: true,
      platform: 'browser',
      target: ['chrome120', 'firefox121', 'safari17.5'],
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      legalComments: 'none',
      logLevel: 'silent',
    });
    for (const file of result.outputFiles) files[basename(file.path)] = file.contents;
    return files;
  } catch (cause) {
    throw new TandemError('io', `esbuild: ${(cause as Error).message}`, { cause });
  }
}
