import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Hold, MAX_REASON } from '../../src/model/pair.ts';
import type { HoldStore } from '../../src/ports/store.ts';
import { removeDurably, writeAtomic } from './atomic.ts';

const schema = z.strictObject({ reason: z.string().max(MAX_REASON), by: z.string().max(80) });

/** The hold as one line of JSON in a file that is there only while the box is held. */
export function openHoldStore(path: string): HoldStore {
  let last: Promise<void> = Promise.resolve();
  return {
    load(): Hold | undefined {
      try {
        return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        return { reason: 'the reason on the disk cannot be read', by: 'unknown' };
      }
    },
    save(hold) {
      // In the order of the calls; one that fails does not stop the next.
      const mine = last.then(() =>
        hold === undefined ? removeDurably(path) : writeAtomic(path, `${JSON.stringify(hold)}\n`, 0o600),
      );
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
