import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import type { Asset } from '../../src/ports/console.ts';

/** Every file of the page: nothing else is ever read for a request. */
export const PAGE: readonly { readonly path: string; readonly file: string; readonly type: string }[] = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/app.js', file: 'app.js', type: 'text/javascript; charset=utf-8' },
  { path: '/app.css', file: 'app.css', type: 'text/css; charset=utf-8' },
  { path: '/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
];

/** Reads the page's files into memory. @throws TandemError `io` when one is missing. */
export function loadAssets(folder: string): ReadonlyMap<string, Asset> {
  try {
    return new Map(PAGE.map(({ path, file, type }) => [path, { type, bytes: readFileSync(join(folder, file)) }]));
  } catch (cause) {
    throw new TandemError('io', `the web console's page cannot be read in ${folder}`, { cause });
  }
}
