import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SessionFile } from '../../src/ports/sessions.ts';

/** In a folder that the next boot finds empty (/run), for root alone. */
export const openSessionFile = (path: string): SessionFile => ({
  uptime: () => Number(process.hrtime.bigint()) / 1e6,
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
      // Only a restart would want it, and it then asks for the password.
    }
  },
});
