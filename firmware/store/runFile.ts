import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { RunFile } from '../../src/ports/runFile.ts';

/** For root alone. @param path in a folder that the next boot finds empty (/run) */
export const openRunFile = (path: string): RunFile => ({
  load() {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  save(text) {
    try {
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      // As if there had been nothing to keep.
    }
  },
});
