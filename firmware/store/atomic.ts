import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TandemError } from '../../src/model/error.ts';

async function withFile(path: string, flags: string, mode: number, act: (file: FileHandle) => Promise<void>) {
  const file = await open(path, flags, mode);
  try {
    await act(file);
  } finally {
    await file.close();
  }
}

/**
 * Writes `text` (UTF-8) so that a power cut at any instant leaves the old file or the new one, and the new one for good
 * once this resolves: beside it, fsync, rename, fsync of the folder. The disk is waited for outside the event loop. One
 * writer at a time for each path.
 * @throws TandemError `io`; the old file then still stands.
 */
export async function writeAtomic(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.new`;
  try {
    await withFile(beside, 'w', mode, async (file) => {
      // The mode given to open(2) is cut by the umask and ignored for a file that a crash left behind.
      await file.chmod(mode);
      await file.writeFile(text, 'utf8');
      await file.sync();
    });
    await rename(beside, path);
    await syncFolder(path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw unwritten(path, cause);
  }
}

/**
 * `writeAtomic`, unless the file says it already: a disk that takes nothing more is no matter then.
 * @throws TandemError `io`; the old file then still stands.
 */
export async function writeChanged(path: string, text: string, mode: number): Promise<void> {
  const there = await readFile(path, 'utf8').catch(() => undefined);
  if (there !== text) await writeAtomic(path, text, mode);
}

/**
 * The name that `path` has now is durable when this resolves.
 * @throws TandemError `io`
 */
export async function syncFolderOf(path: string): Promise<void> {
  await syncFolder(path).catch((cause: unknown) => {
    throw unwritten(path, cause);
  });
}

const syncFolder = (path: string): Promise<void> => withFile(dirname(path), 'r', 0, (folder) => folder.sync());

/** What a write that a disk refuses is told as. */
export function unwritten(path: string, cause: unknown): TandemError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TandemError('io', `${path} could not be written: ${reason}`, {
    remedy: 'make room on the disk and see that it is not read-only',
    cause,
  });
}

/**
 * Removes the file for good once this resolves; one that is not there is no error. The disk is waited for outside the
 * event loop.
 * @throws TandemError `io`; the file may still stand.
 */
export async function removeDurably(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await syncFolder(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TandemError('io', `${path} could not be removed: ${reason}`, {
      remedy: 'see that the disk is not read-only',
      cause,
    });
  }
}
