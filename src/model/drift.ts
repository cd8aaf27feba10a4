/** Drift: what another tool changed in the kernel behind our back. */

/** `leaving`: taken out of use, and removed when its connections have ended. */
export const DRIFT_DONE = ['repaired', 'leaving', 'held', 'failed'] as const;
export type DriftDone = (typeof DRIFT_DONE)[number];

export type DriftKind =
  | 'service'
  | 'server'
  | 'daemon'
  | 'timeouts'
  | 'mark'
  | 'firewall'
  | 'link'
  | 'address'
  | 'route'
  | 'sysctl';

/** One difference, as it was found. The values are what the kernel's own tools print, e.g. `-m -w 1`; undefined = not there. */
export interface Finding {
  readonly kind: DriftKind;
  /** Which one, e.g. `tcp 198.51.100.10:80 > 192.0.2.11:8080`. */
  readonly subject: string;
  /** As we had left it; at start, as it should be. */
  readonly before: string | undefined;
  readonly found: string | undefined;
  /** Found by the first look of a controller: when it came about is not known. */
  readonly atStart: boolean;
}

/** What became of it. */
export interface Drifted extends Finding {
  readonly done: DriftDone;
  /** What the kernel said, when it was not repaired; else empty. */
  readonly why: string;
}

/** A line of the ledger. */
export interface DriftRow extends Drifted {
  /** First and last time, ms since the epoch. */
  readonly at: number;
  readonly last: number;
  readonly count: number;
}

/** An operator's word that drift is to be left alone. */
export interface DriftHold {
  readonly reason: string;
  /** Who, e.g. `cli:root`. */
  readonly by: string;
  /** When it ends by itself, ms since the epoch. */
  readonly until: number;
}

export const DRIFT_HOLD_MS = 3_600_000;
export const MAX_DRIFT_HOLD_MS = 24 * 3_600_000;
/** Shorter would end before anybody has looked. */
export const MIN_DRIFT_HOLD_MS = 10_000;
export const MAX_DRIFT_ROWS = 1_000;

export const driftName = ({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string =>
  subject === '' ? kind : `${kind} ${subject}`;

/** `server tcp … > …: was -m -w 1, found -m -w 5`. */
export function driftWords(finding: Finding): string {
  const before = finding.before ?? 'not there';
  const found = finding.found ?? 'gone';
  return `${driftName(finding)}: ${finding.atStart ? 'should be' : 'was'} ${before}, found ${found}`;
}

/** The first few, and how many more. */
export function firstFew(words: readonly string[], most: number): string {
  const more = words.length - most;
  return words.slice(0, most).join('; ') + (more > 0 ? ` and ${more} more` : '');
}
