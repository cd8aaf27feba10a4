import type Database from 'better-sqlite3';
import { TandemError } from '../../src/model/error.ts';
import { MAX_POINTS, type StatsPoint, type StatsRow } from '../../src/model/stats.ts';
import type { HistoryStore } from '../../src/ports/history.ts';
import { openDatabase } from './database.ts';

type Tier = StatsRow['tier'];

const HOUR_MS = 3_600_000;
const MONTH_MS = 31 * 24 * HOUR_MS;

/**
 * How far back each tier goes, and its rows at most, which is less time where there are many series. A row takes some
 * 55 to 75 bytes, so all together stay below 64 MB: 32 series second by second, and by the minute a month of 8 services and
 * of 8 servers, a week of 35; of 10,000 servers it is 36 minutes, of 40,000 nine.
 */
export const HISTORY: Readonly<Record<Tier, { readonly keepMs: number; readonly rows: number }>> = {
  second: { keepMs: HOUR_MS, rows: 32 * 3_600 },
  minute: { keepMs: MONTH_MS, rows: 360_000 },
  server: { keepMs: MONTH_MS, rows: 360_000 },
};

const TIERS = Object.keys(HISTORY) as Tier[];

/** Names in all; beyond, those that have no row left are forgotten. */
const MAX_SERIES = 100_000;

/**
 * By time first: a moment's rows lie side by side, so 10,000 servers dirty some hundred pages a minute and not 10,000, and
 * what is too old is cut off in one piece.
 */
const table = (tier: Tier): string =>
  `CREATE TABLE stat_${tier} (
     at INTEGER NOT NULL,
     series INTEGER NOT NULL REFERENCES series (id),
     ms INTEGER NOT NULL,
     connections INTEGER NOT NULL,
     packetsIn INTEGER NOT NULL,
     packetsOut INTEGER NOT NULL,
     bytesIn INTEGER NOT NULL,
     bytesOut INTEGER NOT NULL,
     active INTEGER NOT NULL,
     inactive INTEGER NOT NULL,
     PRIMARY KEY (at, series)
   ) STRICT, WITHOUT ROWID;`;

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
   ${table('second')} ${table('minute')} ${table('server')}`,
];

interface Sums {
  readonly at: number;
  readonly ms: number;
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly active: number;
  readonly inactive: number;
}

function pointOf({ at, ms, active, inactive, ...sums }: Sums): StatsPoint {
  const rate = (sum: number): number => (ms === 0 ? 0 : (sum * 1_000) / ms);
  const rates = {
    connections: rate(sums.connections),
    packetsIn: rate(sums.packetsIn),
    packetsOut: rate(sums.packetsOut),
    bytesIn: rate(sums.bytesIn),
    bytesOut: rate(sums.bytesOut),
  };
  return { at, ms, rates, active, inactive };
}

/** One tier's statements, and how many rows it has. */
function openTier(database: Database.Database, tier: Tier, limit: number) {
  const name = `stat_${tier}`;
  const insert = database.prepare(
    `INSERT INTO ${name} (at, series, ms, connections, packetsIn, packetsOut, bytesIn, bytesOut, active, inactive)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET ms = ms + excluded.ms, connections = connections + excluded.connections,
       packetsIn = packetsIn + excluded.packetsIn, packetsOut = packetsOut + excluded.packetsOut,
       bytesIn = bytesIn + excluded.bytesIn, bytesOut = bytesOut + excluded.bytesOut,
       active = max(active, excluded.active), inactive = max(inactive, excluded.inactive)`,
  );
  const old = database.prepare<[number, number]>(`DELETE FROM ${name} WHERE at < ? OR at > ?`);
  const count = database.prepare<[], number>(`SELECT count(*) FROM ${name}`).pluck();
  const nth = database.prepare<[number], number>(`SELECT at FROM ${name} ORDER BY at LIMIT 1 OFFSET ?`).pluck();
  const upTo = database.prepare<[number]>(`DELETE FROM ${name} WHERE at <= ?`);
  const read = database.prepare<[number, number, string, number], Sums>(
    `SELECT at / CAST(? AS INTEGER) * CAST(? AS INTEGER) AS at, sum(ms) AS ms, sum(connections) AS connections, sum(packetsIn) AS packetsIn,
       sum(packetsOut) AS packetsOut, sum(bytesIn) AS bytesIn, sum(bytesOut) AS bytesOut,
       max(active) AS active, max(inactive) AS inactive
     FROM ${name} WHERE series = (SELECT id FROM series WHERE name = ?) AND at >= ?
     GROUP BY 1 ORDER BY 1 DESC LIMIT ${MAX_POINTS}`,
  );
  let rows = count.get()!;
  return {
    insert,
    read,
    /** Rows of a clock that was ahead are as worthless as old ones. A row that was added to counts twice, so it goes a little sooner. */
    trim(now: number, added: number): void {
      rows += added - old.run(now - HISTORY[tier].keepMs, now + HOUR_MS).changes;
      if (rows > limit) rows -= upTo.run(nth.get(rows - limit - 1) ?? now).changes;
    },
    recount(): void {
      rows = count.get()!;
    },
  };
}

/**
 * Statistics in a SQLite file of their own: what damages or fills it costs no revision, and who copies the store copies no
 * traffic. A damaged file is moved aside like the store's. `limits` are for tests.
 * @throws TandemError `io`, see `openDatabase`.
 */
export function openHistory(
  path: string,
  limits: Readonly<Record<Tier, number>> = {
    second: HISTORY.second.rows,
    minute: HISTORY.minute.rows,
    server: HISTORY.server.rows,
  },
): HistoryStore {
  const { database } = openDatabase(path, MIGRATIONS);
  const tiers = {
    second: openTier(database, 'second', limits.second),
    minute: openTier(database, 'minute', limits.minute),
    server: openTier(database, 'server', limits.server),
  };
  const known = new Map<string, number>();
  const find = database.prepare<[string], number>('SELECT id FROM series WHERE name = ?').pluck();
  const insertSeries = database.prepare<[string], number>('INSERT INTO series (name) VALUES (?) RETURNING id').pluck();
  const countSeries = database.prepare<[], number>('SELECT count(*) FROM series').pluck();
  const unused = TIERS.map((tier) => `id NOT IN (SELECT series FROM stat_${tier})`).join(' AND ');
  const forgetUnused = database.prepare(`DELETE FROM series WHERE ${unused}`);

  function seriesId(name: string): number {
    const id = known.get(name) ?? find.get(name) ?? insertSeries.get(name)!;
    known.set(name, id);
    return id;
  }

  const save = database.transaction((rows: readonly StatsRow[], now: number): void => {
    for (const row of rows) {
      const { series, at, ms, connections, packetsIn, packetsOut, bytesIn, bytesOut, active, inactive } = row;
      const figures = [ms, connections, packetsIn, packetsOut, bytesIn, bytesOut, active, inactive];
      tiers[row.tier].insert.run(at, seriesId(series), ...figures.map(Math.round));
    }
    for (const tier of TIERS) {
      const added = rows.reduce((sum, row) => sum + (row.tier === tier ? 1 : 0), 0);
      if (added > 0) tiers[tier].trim(now, added);
    }
    if (known.size > MAX_SERIES || countSeries.get()! > MAX_SERIES) {
      forgetUnused.run();
      known.clear();
    }
  });

  const attempt = <T>(what: string, act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      const remedy = 'make room on the disk and see that it is not read-only';
      throw new TandemError('io', `${what} in ${path}: ${said}`, { remedy, cause });
    }
  };

  return {
    add: (rows, now) =>
      attempt('keeping statistics', () => {
        try {
          save(rows, Math.round(now));
        } catch (error) {
          // What was rolled back was counted and named.
          known.clear();
          for (const tier of TIERS) tiers[tier].recount();
          throw error;
        }
      }),
    read: ({ series, tier, since, stretch }) =>
      attempt('reading statistics', () =>
        tiers[tier].read.all(stretch, stretch, series, Math.round(since)).reverse().map(pointOf),
      ),
    close: () => void database.close(),
  };
}

/**
 * The history of that file, opened when it is first needed and again after it refused to open: a controller starts without.
 */
export function historyAt(path: string): HistoryStore {
  let open: HistoryStore | undefined;
  const use = (): HistoryStore => {
    open ??= openHistory(path);
    return open;
  };
  return {
    add: (rows, now) => use().add(rows, now),
    read: (query) => use().read(query),
    close() {
      open?.close();
      open = undefined;
    },
  };
}
