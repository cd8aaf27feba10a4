import { readFileSync, statSync } from 'node:fs';
import { TandemError } from '../../src/model/error.ts';
import type { KeyStore } from '../../src/ports/keys.ts';
import { writeAtomic } from '../store/atomic.ts';
import { keysText, parseKeys } from './keyText.ts';

const OWNER_ALONE = 0o600;

export function openKeyFile(path: string): KeyStore {
  let last: Promise<void> = Promise.resolve();
  return {
    load: () => parseKeys(path, privateText(path)),
    save(ring) {
      const mine = last.then(() => writeAtomic(path, keysText(ring), OWNER_ALONE));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function privateText(path: string): string {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(path, 'utf8');
    mode = statSync(path).mode;
  } catch (cause) {
    throw new TandemError('bad-node-file', `key_file ${path} cannot be read`, {
      remedy: 'copy the pair key of the twin to this path, owner root, mode 0600',
      cause,
    });
  }
  if ((mode & 0o077) === 0) return text;
  throw new TandemError(
    'bad-node-file',
    `key_file ${path} can be read by others (mode ${(mode & 0o777).toString(8)})`,
    {
      remedy: `chmod 600 ${path}`,
    },
  );
}
