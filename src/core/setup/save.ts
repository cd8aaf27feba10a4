import * as z from 'zod';
import { NO_INTERVIEW, patch, type Turn } from './turn.ts';

/** What a session leaves for the next one, should its process end half-way. Passwords are in it as their digest only. */

const savedSchema = z.object({
  given: z.array(z.object({ key: z.string(), text: z.string() })).max(100),
  remembered: z.record(z.string(), z.string()),
  password: z.string().optional(),
  failures: z.number(),
  lockedUntil: z.number(),
});

export function save(turn: Turn): void {
  const { interview, failures, lockedUntil } = turn.state;
  const { password } = interview;
  // What came from the twin is secret and is fetched again; the answers after it hold without it.
  const given = interview.flow === 'wizard' ? interview.given.filter(({ key }) => key !== 'code') : [];
  const remembered = interview.flow === 'wizard' ? interview.remembered : {};
  turn.effects.push({ type: 'save', text: JSON.stringify({ given, remembered, password, failures, lockedUntil }) });
}

/** Whether there was an interview to go on with. What cannot be read is as if there were nothing. */
export function restore(turn: Turn, text: string): boolean {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return false;
  }
  const parsed = savedSchema.safeParse(raw);
  if (!parsed.success) return false;
  const { given, remembered, password, failures, lockedUntil } = parsed.data;
  patch(turn, { interview: { ...NO_INTERVIEW, given, remembered, password }, failures, lockedUntil });
  return given.length > 0;
}
