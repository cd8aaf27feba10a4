import * as z from 'zod';
import { MAX_REASON } from './pair.ts';

/** Why a box is held: one line, which logs and terminals can show as it is; may be empty. */
export const holdReason = z
  .string()
  .max(MAX_REASON, { error: `give at most ${MAX_REASON} characters` })
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, { error: 'give one line without control characters' });
