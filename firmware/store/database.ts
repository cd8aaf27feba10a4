import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { TandemError } from '../../src/model/error.ts';

/** One step each; `user_version` counts those that a file has seen. Steps are only ever added. */
const STORE: readonly string[] = [
  `CREATE TABLE revision (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     author TEXT NOT NULL,
     at INTEGER NOT NULL,
     text TEXT NOT NULL,
     digest TEXT NOT NULL
   ) STRICT;
   CREATE TABLE event (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     kind TEXT NOT NULL,
     text TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT;`,
  `CREATE TABLE drained (
     server TEXT PRIMARY KEY,
     author TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;`,
  // Revisions count for the pair: two boxes may have made one of the same number while apart.
  `CREATE TABLE pair_revision (
     number INTEGER NOT NULL,
     node TEXT NOT NULL,
     author TEXT NOT NULL,
     at INTEGER NOT NULL,
     text TEXT NOT NULL,
     digest TEXT NOT NULL,
     lineage_a INTEGER NOT NULL,
     lineage_b INTEGER NOT NULL,
     PRIMARY KEY (number, node)
   ) STRICT;
   INSERT INTO pair_revision SELECT number, '', author, at, text, digest, 0, 0 FROM revision;
   CREATE TABLE use (
     server TEXT PRIMARY KEY,
     drained INTEGER NOT NULL,
     counter INTEGER NOT NULL,
     node TEXT NOT NULL,
     author TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   INSERT INTO use SELECT server, 1, 0, '', author, at FROM drained;
   CREATE TABLE seen (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     number INTEGER NOT NULL,
     counter INTEGER NOT NULL
   ) STRICT;
   INSERT INTO seen SELECT 1, coalesce(max(number), 0), 0 FROM revision;
   DROP TABLE revision;
   ALTER TABLE pair_revision RENAME TO revision;
   DROP TABLE drained;`,
  `CREATE TABLE drift (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     last INTEGER NOT NULL,
     count INTEGER NOT NULL,
     kind TEXT NOT NULL,
     subject TEXT NOT NULL,
     before TEXT,
     found TEXT,
     at_start INTEGER NOT NULL,
     done TEXT NOT NULL,
     why TEXT NOT NULL,
     UNIQUE (at, kind, subject, done)
   ) STRICT;
   CREATE TABLE drift_hold (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     reason TEXT NOT NULL,
     by TEXT NOT NULL,
     until INTEGER NOT NULL
   ) STRICT;`,
  // A patched revision has no text of its own: a patch (JSON) and the one that it was made of. `whole` is the number of the
  // revision with a text that it stands on in the end, its own where it has one.
  `ALTER TABLE revision ADD COLUMN patch TEXT;
   ALTER TABLE revision ADD COLUMN base_number INTEGER;
   ALTER TABLE revision ADD COLUMN base_node TEXT;
   ALTER TABLE revision ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
   UPDATE revision SET whole = number;`,
];

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What SQLite says of a file that is no database or no longer one (sqlite3.h, SQLITE_CORRUPT and SQLITE_NOTADB). */
export const isDamage = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^SQLITE_(CORRUPT|NOTADB)/.test(code);
};

function migrate(database: Database.Database, path: string, migrations: readonly string[]): void {
  const seen = database.pragma('user_version', { simple: true }) as number;
  if (seen > migrations.length) {
    throw new TandemError(
      'io',
      `${path} was written by a newer release (form ${seen}, this one knows ${migrations.length})`,
      {
        remedy: 'start the newer release, or move the file away and apply the document again',
      },
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < seen) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

function connect(path: string, migrations: readonly string[]): Database.Database {
  const database = new Database(path, { timeout: 1000 });
  try {
    database.pragma('journal_mode = WAL');
    // WAL with NORMAL may lose the last commits on a power cut; an acknowledged revision must not be lost.
    database.pragma('synchronous = FULL');
    const verdict = database.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw Object.assign(new Error(String(verdict)), { code: 'SQLITE_CORRUPT' });
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Keeps one damaged copy, the newest, so that a disk which damages files is not filled with them. */
function moveAside(path: string): string {
  const aside = `${path}.damaged`;
  for (const tail of ['', '-wal', '-shm']) {
    rmSync(`${aside}${tail}`, { force: true });
    if (existsSync(`${path}${tail}`)) renameSync(`${path}${tail}`, `${aside}${tail}`);
  }
  return aside;
}

export interface Opened {
  readonly database: Database.Database;
  /** Where the damaged file went; undefined when there was nothing wrong. */
  readonly movedAside: string | undefined;
  /** What was wrong with it. */
  readonly reason: string;
}

/**
 * Opens or creates the database and brings it to this release's form, the store's unless told. A damaged file is moved aside and a fresh one takes
 * its place, because a controller that cannot start is worse than one without history.
 * @throws TandemError `io` when the disk refuses, or when a newer release wrote the file.
 */
export function openDatabase(path: string, migrations: readonly string[] = STORE): Opened {
  const attempt = (movedAside: string | undefined, reason: string): Opened => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      return { database: connect(path, migrations), movedAside, reason };
    } catch (cause) {
      if (isDamage(cause) && movedAside === undefined) return attempt(moveAside(path), reasonOf(cause));
      if (cause instanceof TandemError) throw cause;
      throw new TandemError('io', `${path} could not be opened: ${reasonOf(cause)}`, {
        remedy: 'make room on the disk and see that it is not read-only',
        cause,
      });
    }
  };
  return attempt(undefined, '');
}
