import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { TandemError } from '../../src/model/error.ts';
import type { TermStore } from '../../src/ports/store.ts';
import { syncFolderOf, unwritten } from './atomic.ts';
import { fileLock } from './lock.ts';

/** Bytes of a file, from the first write on: it never grows, so that its block is enough for ever. */
const SIZE = 64;

const checksum = (line: string): string => createHash('sha256').update(line).digest('hex').slice(0, 16);

function linesOf(term: number): string {
  const line = `term ${term}`;
  return `${line}\nsha256 ${checksum(line)}\n`;
}

const textOf = (term: number): string => `${linesOf(term).padEnd(SIZE - 1)}\n`;

/** Undefined when the text is not a whole term file, or one of a release that wrote the two lines alone. */
function parse(text: string): number | undefined {
  const match = /^(term (\d{1,16}))\nsha256 ([0-9a-f]{16})\n/.exec(text);
  const term = Number(match?.[2]);
  return Number.isSafeInteger(term) && [textOf(term), linesOf(term)].includes(text) ? term : undefined;
}

type Found = { readonly there: boolean; readonly term: number | undefined };

const found = (text: string): Found => ({ there: true, term: parse(text) });
const missing = (error: unknown): Found => ({
  there: (error as NodeJS.ErrnoException).code !== 'ENOENT',
  term: undefined,
});

/**
 * The term in two text files, `path` and `path.b`, each `term 42`, the first 16 hex digits of that line's SHA-256, and spaces up to
 * `SIZE` bytes. A save writes over the lower of the two and leaves the other, so a power cut at any instant leaves the old term
 * or the new one. Nothing is made anew, so that a full disk takes the term as any other does: without it on the disk no box may
 * take over. A file that exists and cannot be read counts as damaged.
 *
 * It never goes back. A disk that does not answer keeps a killed lane inside its last system call, and a supervisor that gives
 * up waiting for that starts the next: the old one's write could land after the new one's.
 * So whoever writes holds `<path>.lock`, which such a process does not lose before its call has returned; and since it may
 * have returned after the new lane read the files, each save looks at them again: a higher term that stands there stays.
 */
export function openTermStore(path: string): TermStore {
  const files = [path, `${path}.b`] as const;
  const lock = fileLock(`${path}.lock`);
  let last: Promise<void> = Promise.resolve();

  const write = async (term: number): Promise<void> => {
    if (!Number.isSafeInteger(term) || term < 0) {
      throw new TandemError('io', `${term} is no term`, { remedy: 'report this: terms are whole numbers from 0' });
    }
    await lock.hold();
    const [one, other] = await Promise.all(files.map((file) => readFile(file, 'utf8').then(found, missing)));
    const lower = (one?.term ?? -1) <= (other?.term ?? -1) ? 0 : 1;
    const highest = Math.max(one?.term ?? 0, other?.term ?? 0);
    const file = files[lower];
    try {
      // Written by a process that may not have lived to make it durable.
      if (highest >= term) await within(files[1 - lower]!, 'r', (handle) => handle.sync());
      else {
        await overwrite(file, textOf(term));
        // The first save makes both files: a later one may find no room for another.
        if ([one, other].some((each) => each?.there === false)) await overwrite(files[1 - lower]!, textOf(term));
      }
    } catch (cause) {
      throw unwritten(file, cause);
    }
    await syncFolderOf(path);
  };

  return {
    load() {
      const both = files.map((file) => {
        try {
          return found(readFileSync(file, 'utf8'));
        } catch (error) {
          return missing(error);
        }
      });
      const term = Math.max(...both.map((each) => each.term ?? 0));
      return { term, damaged: both.some((each) => each.there && each.term === undefined) };
    },
    save(term) {
      // In the order of the calls; one that fails does not stop the next.
      const mine = last.then(() => write(term));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function within(file: string, flags: string, act: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await act(handle);
  } finally {
    await handle.close();
  }
}

/** Not truncated first: its block has to stay its own. */
async function overwrite(file: string, text: string): Promise<void> {
  const write = async (handle: FileHandle): Promise<void> => {
    const bytes = Buffer.from(text, 'latin1');
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, 0);
    if (bytesWritten !== bytes.length) throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`);
    await handle.truncate(bytes.length);
    await handle.sync();
  };
  await within(file, 'r+', write).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return within(file, 'wx', write);
  });
}
