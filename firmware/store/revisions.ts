import type { Database } from 'better-sqlite3';
import { LIMITS } from '../../src/model/document.ts';
import { TandemError } from '../../src/model/error.ts';
import type { NodeId } from '../../src/model/pair.ts';
import type { Patch } from '../../src/model/patch.ts';
import { patchText } from '../../src/model/patchText.ts';
import type { Revision, RevisionHead, RevisionKey } from '../../src/ports/store.ts';

/** Patches on one text, at most: the next one is written as a text again, so that reading any stays cheap. */
export const MAX_PATCHES = 16;

type HeadRow = Omit<Revision, 'lineage' | 'text'> & { lineage_a: number; lineage_b: number; node: NodeId | '' };
type FullRow = HeadRow & {
  text: string;
  patch: string | null;
  base_number: number | null;
  base_node: NodeId | '' | null;
  whole: number;
};

function withLineage<Row extends HeadRow>({ lineage_a, lineage_b, ...row }: Row) {
  return { ...row, lineage: { a: lineage_a, b: lineage_b } };
}

/** Revisions that stay however long their texts are: the one in force and the one to go back to. */
const KEPT_ANYHOW = 2;

/**
 * The table of revisions: the newest `keep.revisions` of them whose texts have `keep.bytes` together, and what those stand on.
 * Its writes belong into a transaction.
 */
export function revisionTable(database: Database, keep: { readonly revisions: number; readonly bytes: number }) {
  const insert = database.prepare(
    `INSERT OR REPLACE INTO revision
       (number, node, author, at, text, digest, lineage_a, lineage_b, patch, base_number, base_node, whole)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const trim = database.prepare(
    `DELETE FROM revision WHERE number <= (SELECT max(number) FROM revision) - ?
       AND number < (SELECT min(whole) FROM revision WHERE number > (SELECT max(number) FROM revision) - ?)`,
  );
  const trimLong = database.prepare(
    `DELETE FROM revision WHERE number < (
       SELECT min(whole) FROM (
         SELECT whole, sum(octet_length(text)) OVER newest AS bytes, row_number() OVER newest AS place FROM revision
           WINDOW newest AS (ORDER BY number DESC ROWS UNBOUNDED PRECEDING))
       WHERE bytes <= ? OR place <= ${KEPT_ANYHOW})`,
  );
  const size = database.prepare('SELECT coalesce(sum(octet_length(text)), 0) FROM revision').pluck();
  /** Of all texts; never less than there is. */
  let bytes = size.get() as number;
  const head = 'number, node, author, at, digest, lineage_a, lineage_b';
  const full = `${head}, text, patch, base_number, base_node, whole`;
  // As `newer` orders them (src/core/replicate/order.ts).
  const newestFirst = `ORDER BY number DESC, author = 'seed',
    CASE node WHEN 'a' THEN 0 WHEN 'b' THEN 1 ELSE 2 END, digest DESC`;
  const latest = database.prepare<[], FullRow>(`SELECT ${full} FROM revision ${newestFirst} LIMIT 1`);
  const newest = database.prepare<[number], FullRow>(
    `SELECT ${full} FROM revision WHERE number = ? ${newestFirst} LIMIT 1`,
  );
  const exact = database.prepare<[number, string], FullRow>(
    `SELECT ${full} FROM revision WHERE number = ? AND node = ?`,
  );
  const standing = database.prepare<[number, string], FullRow>(
    `SELECT ${full} FROM revision WHERE base_number = ? AND base_node = ?`,
  );
  const all = database.prepare<[], HeadRow>(`SELECT ${head} FROM revision ${newestFirst}`);
  const setText = database.prepare(
    `UPDATE revision SET text = ?, patch = NULL, base_number = NULL, base_node = NULL, whole = number
     WHERE number = ? AND node = ?`,
  );

  /** From the one with a text to `row`, the patches in their order. */
  function chain(row: FullRow): { text: string; patches: Patch[] } {
    const patches: Patch[] = [];
    let at = row;
    while (at.patch !== null) {
      patches.unshift(JSON.parse(at.patch) as Patch);
      const base = exact.get(at.base_number ?? 0, at.base_node ?? '');
      if (base === undefined) throw new Error(`revision ${row.number} stands on ${at.base_number}, which is gone`);
      at = base;
    }
    return { text: at.text, patches };
  }

  function textOf(row: FullRow): string {
    const { text, patches } = chain(row);
    return patches.length === 0 ? text : patchText(text, patches, LIMITS.text);
  }

  function whole(row: FullRow | undefined): Revision | undefined {
    if (row === undefined) return undefined;
    const { patch: _, base_number, base_node, whole, ...rest } = row;
    return { ...withLineage(rest), text: textOf(row) };
  }

  /** Who stands on a row that is about to become another gets a text first. */
  function release(number: number, node: string, digest: string): void {
    const old = exact.get(number, node);
    if (old === undefined || old.digest === digest) return;
    for (const row of standing.all(number, node)) setText.run(textOf(row), row.number, row.node);
  }

  function write(revision: RevisionHead, text: string, on: { row: FullRow; patch: Patch } | undefined): void {
    const { number, node, author, at, digest, lineage } = revision;
    release(number, node, digest);
    const patch = on === undefined ? null : JSON.stringify(on.patch);
    const base = on?.row;
    insert.run(
      ...[number, node, author, Math.round(at), text, digest, lineage.a, lineage.b],
      ...[patch, base?.number ?? null, base?.node ?? null, base?.whole ?? number],
    );
    trim.run(keep.revisions, keep.revisions);
    bytes += Buffer.byteLength(text);
    if (bytes <= keep.bytes) return;
    trimLong.run(keep.bytes);
    bytes = size.get() as number;
  }

  return {
    latest: () => whole(latest.get()),
    get: (number: number) => whole(newest.get(number)),
    heads: (): RevisionHead[] => all.all().map(withLineage),
    put: (revision: Revision): void => write(revision, revision.text, undefined),
    /** @throws TandemError `not-found` when `base` is not here. */
    putPatched(revision: RevisionHead, base: RevisionKey, patch: Patch): void {
      const row = exact.get(base.number, base.node);
      if (row === undefined || row.digest !== base.digest)
        throw new TandemError('not-found', `revision ${base.number}, which a patch was made on, is not here`, {
          remedy: 'apply the whole document',
        });
      const { text, patches } = chain(row);
      if (patches.length < MAX_PATCHES) write(revision, '', { row, patch });
      else write(revision, patchText(text, [...patches, patch], LIMITS.text), undefined);
    },
  };
}
