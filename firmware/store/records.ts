import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { TandemError } from '../../src/model/error.ts';
import {
  headSchema,
  MAX_RECORD,
  MAX_RECORDS,
  type RecordHead,
  recordSchema,
  type TimelineRecord,
} from '../../src/model/timeline.ts';
import type { RecordReader, RecordStore } from '../../src/ports/store.ts';
import { writeAtomic } from './atomic.ts';

/** Texts that wait for the disk; a hung one must not fill the memory. */
const MAX_WAITING = 8;

const NAME = /^(\d{8})\.json$/;

export interface RecordFiles extends RecordStore, RecordReader {
  /** Resolves when nothing waits for the disk. */
  settled(): Promise<void>;
}

/**
 * One file for each record, numbered in their order: its first line is the transition as the status lists it, the second
 * the rest, so that a lane that starts parses the first lines only. One process writes, others may read meanwhile.
 */
export function openRecordFiles(folder: string): RecordFiles {
  const numbers = new Map<string, number>();
  let highest: number | undefined;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const pathOf = (number: number): string => join(folder, `${String(number).padStart(8, '0')}.json`);

  /** Ascending; none where there is no folder yet. */
  async function present(): Promise<number[]> {
    try {
      const names = await readdir(folder);
      return names
        .flatMap((name) => NAME.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((one, other) => one - other);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new TandemError('io', `${folder} cannot be read: ${said(cause)}`, { cause });
    }
  }

  async function write(id: string, text: string): Promise<void> {
    if (highest === undefined) {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
        throw new TandemError('io', `${folder} cannot be made: ${said(cause)}`, { cause });
      });
      highest = (await present()).at(-1) ?? 0;
    }
    let number = numbers.get(id);
    if (number === undefined) {
      highest += 1;
      number = highest;
      numbers.set(id, number);
      for (const [old, its] of numbers) if (its <= number - MAX_RECORDS) numbers.delete(old);
    }
    await writeAtomic(pathOf(number), text, 0o600);
    const all = await present();
    for (const old of all.slice(0, Math.max(0, all.length - MAX_RECORDS))) await rm(pathOf(old), { force: true });
  }

  /** The texts of the newest, newest first; a file that vanishes meanwhile is left out. */
  async function texts(limit: number): Promise<string[]> {
    const newest = (await present()).slice(-limit).reverse();
    const found: string[] = [];
    for (const number of newest) {
      const text = await readFile(pathOf(number), 'utf8').catch(() => undefined);
      if (text !== undefined && text.length <= MAX_RECORD) found.push(text);
    }
    return found;
  }

  return {
    async load() {
      const all = await texts(MAX_RECORDS).catch(() => []);
      return all.flatMap((text): RecordHead[] => parsed(headSchema, text.slice(0, text.indexOf('\n'))));
    },
    async read(limit) {
      const all = await texts(Math.min(limit, MAX_RECORDS));
      return all.flatMap((text) => parsed(recordSchema, `[${text.trim().replace('\n', ',')}]`, merged)).reverse();
    },
    save(record) {
      const text = render(record);
      if (Buffer.byteLength(text) > MAX_RECORD) {
        const message = `a record of ${Buffer.byteLength(text)} bytes is not kept`;
        return Promise.reject(
          new TandemError('too-large', message, { remedy: `report this: at most ${MAX_RECORD} fit` }),
        );
      }
      if (waiting >= MAX_WAITING) {
        const remedy = 'see to the disk: it takes nothing any more';
        return Promise.reject(new TandemError('too-many', `${waiting} records wait for the disk`, { remedy }));
      }
      waiting += 1;
      const mine = last.then(() => write(record.id, text));
      last = mine
        .catch(() => undefined)
        .then(() => {
          waiting -= 1;
        });
      return mine;
    },
    settled: () => last,
  };
}

function render(record: TimelineRecord): string {
  const { at, from, to, term, cause, evidence, steps, restored, ...rest } = record;
  return `${JSON.stringify({ at, from, to, term, cause, evidence, steps, restored })}\n${JSON.stringify(rest)}\n`;
}

const merged = (lines: unknown): unknown => (Array.isArray(lines) ? Object.assign({}, ...lines) : lines);

/** None when the text is not what was written. */
function parsed<T>(schema: z.ZodType<T>, text: string, shape: (raw: unknown) => unknown = (raw) => raw): T[] {
  try {
    const found = schema.safeParse(shape(JSON.parse(text)));
    return found.success ? [found.data] : [];
  } catch {
    return [];
  }
}

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
