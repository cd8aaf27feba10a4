import * as z from 'zod';
import { LIMITS } from './document.ts';

/** What a controller knew of the servers, for the next one on this box: kept where a boot finds it empty. Times are monotonic ms. */
export const healthMemorySchema = z.object({
  /** Of the document that the checks are of. */
  digest: z.string().max(128),
  /** When it was written. */
  at: z.number(),
  /** Checks that are not plainly up: by the name of the first server that each is asked of. */
  checks: z
    .array(
      z.object({
        server: z.string().max(200),
        /** null: nothing was proved. */
        verdict: z.enum(['up', 'down']).nullable(),
        reason: z.string().max(2_000),
        share: z.number().min(0).max(100),
        warning: z.string().max(2_000),
        risenAt: z.number().nullable(),
      }),
    )
    .max(LIMITS.servers),
});

export type HealthMemory = z.infer<typeof healthMemorySchema>;
