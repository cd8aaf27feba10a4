import type { Led } from '../../model/panel.ts';

/** What each LED of the front panel shows, as data: the table that the steps follow and docs/panel.md prints. */

/** `on`, `off`, or lit for `on` ms of every `period` ms, `shift` ms later than a whole number of periods. */
export type Shine = 'on' | 'off' | { readonly period: number; readonly on: number; readonly shift: number };

/** No period is under 400 ms: a person tells them apart, and a busy box keeps them. */
export const SLOW: Shine = { period: 1000, on: 500, shift: 0 };
export const FAST: Shine = { period: 400, on: 200, shift: 0 };
/** Dark when `FAST` is lit. */
export const COUNTER: Shine = { period: 400, on: 200, shift: 200 };
/** Dark but for a short blink. */
export const WINK: Shine = { period: 1200, on: 200, shift: 0 };

export type Condition =
  | 'booting'
  | 'controller dead'
  | 'running'
  | 'active'
  | 'standby'
  | 'hand-over running'
  | 'twin heard'
  | 'peer lost'
  | 'alone'
  | 'no fault'
  | 'fault'
  | 'fault acknowledged'
  | 'refused'
  | 'identify'
  | 'factory reset armed';

/** A condition speaks for the LEDs it names; a later one of the list outdoes an earlier one. */
export const PATTERNS: readonly {
  readonly condition: Condition;
  readonly meaning: string;
  readonly shows: Readonly<Partial<Record<Led, Shine>>>;
}[] = [
  { condition: 'running', meaning: 'the kernel holds the document', shows: { power: 'on' } },
  { condition: 'standby', meaning: 'holds no float', shows: { role: 'off' } },
  { condition: 'active', meaning: 'holds both floats', shows: { role: 'on' } },
  { condition: 'hand-over running', meaning: 'the floats are on their way', shows: { role: FAST } },
  { condition: 'twin heard', meaning: 'the twin beats', shows: { peer: 'on' } },
  { condition: 'peer lost', meaning: 'the twin was heard and is silent', shows: { peer: SLOW } },
  { condition: 'alone', meaning: 'no twin was heard since the start', shows: { peer: 'off' } },
  { condition: 'no fault', meaning: 'no alarm', shows: { fault: 'off' } },
  { condition: 'fault', meaning: 'an alarm that nobody has acknowledged', shows: { fault: SLOW } },
  { condition: 'fault acknowledged', meaning: 'alarms, each acknowledged', shows: { fault: 'on' } },
  {
    condition: 'controller dead',
    meaning: 'the controller does not answer the lane; the floats stay safe',
    shows: { power: WINK },
  },
  {
    condition: 'booting',
    meaning: 'the kernel does not hold a document yet',
    shows: { power: SLOW, role: 'off', peer: 'off', fault: 'off' },
  },
  { condition: 'refused', meaning: 'a hand-over was refused, for 3 s; the log says why', shows: { fault: FAST } },
  {
    condition: 'identify',
    meaning: 'this is the box, for 10 s',
    shows: { power: FAST, role: FAST, peer: FAST, fault: FAST },
  },
  {
    condition: 'factory reset armed',
    meaning: 'one short press within 10 s resets the box, a longer one or none does not',
    shows: { power: FAST, role: COUNTER, peer: FAST, fault: COUNTER },
  },
];

/** Whether an LED is lit at `now`, monotonic ms. */
export function lit(shine: Shine, now: number): boolean {
  if (shine === 'on' || shine === 'off') return shine === 'on';
  return phase(shine, now) < shine.on;
}

/** When it changes next, monotonic ms; infinity when it does not. */
export function changesAt(shine: Shine, now: number): number {
  if (shine === 'on' || shine === 'off') return Number.POSITIVE_INFINITY;
  const at = phase(shine, now);
  return now - at + (at < shine.on ? shine.on : shine.period);
}

const phase = ({ period, shift }: Exclude<Shine, string>, now: number): number =>
  (((now - shift) % period) + period) % period;

/** What the panel shows while these conditions hold. */
export function shines(conditions: ReadonlySet<Condition>): Readonly<Record<Led, Shine>> {
  const shown: Record<Led, Shine> = { power: 'off', role: 'off', peer: 'off', fault: 'off' };
  for (const { condition, shows } of PATTERNS) if (conditions.has(condition)) Object.assign(shown, shows);
  return shown;
}
