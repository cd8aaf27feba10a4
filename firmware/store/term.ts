import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { TandemError } from '../../src/model/error.ts';
import type { TermStore } from '../../src/ports/store.ts';
import { syncFolderOf, writeAtomic } from './atomic.ts';
import { fileLock } from './lock.ts';

const checksum = (line: string): string => createHash('sha256').update(line).digest('hex').slice(0, 16);

/** Undefined when the text is not a whole term file. */
function parse(text: string): number | undefined {
  const match = /^(term (\d{1,16}))\nsha256 ([0-9a-f]{16})\n$/.exec(text);
  if (match === null || checksum(match[1] ?? '') !== match[3]) return undefined;
  const term = Number(match[2]);
  return Number.isSafeInteger(term) ? term : undefined;
}

/**
 * The term in a text file of two lines, `term 42` and the first 16 hex digits of that line's SHA-256. A file that exists
 * and cannot be read counts as damaged.
 *
 * It never goes back. A disk that does not answer keeps a killed lane inside its last system call, and a supervisor that gives
 * up waiting for that starts the next: the old one's rename, or a write to the file beside, could land after the new one's.
 * So whoever writes holds `<path>.lock`, which such a process does not lose before its call has returned; and since it may
 * have returned after the new lane read the file, each save looks at the file again: a higher term that stands there stays.
 */
export function openTermStore(path: string): TermStore {
  const lock = fileLock(`${path}.lock`);
  let last: Promise<void> = Promise.resolve();

  const write = async (term: number): Promise<void> => {
    if (!Number.isSafeInteger(term) || term < 0) {
      throw new TandemError('io', `${term} is no term`, { remedy: 'report this: terms are whole numbers from 0' });
    }
    await lock.hold();
    const there = parse(await readFile(path, 'utf8').catch(() => '')) ?? 0;
    // Renamed by a process that may not have lived to make the name durable.
    if (there >= term) return syncFolderOf(path);
    const line = `term ${term}`;
    await writeAtomic(path, `${line}\nsha256 ${checksum(line)}\n`, 0o600);
  };

  return {
    load() {
      try {
        const term = parse(readFileSync(path, 'utf8'));
        return { term: term ?? 0, damaged: term === undefined };
      } catch (error) {
        return { term: 0, damaged: (error as NodeJS.ErrnoException).code !== 'ENOENT' };
      }
    },
    save(term) {
      // In the order of the calls; one that fails does not stop the next.
      const mine = last.then(() => write(term));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
