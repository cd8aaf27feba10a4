import { UsageError } from './io.ts';

/** The value of an option that takes a whole number; undefined when it was not given. @throws UsageError. */
export function wholeOption(name: string, value: string | boolean | undefined, max: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d{1,15}$/.test(String(value)) && number >= 1 && number <= max) return number;
  throw new UsageError(`--${name} takes a whole number from 1 to ${max}, not "${String(value).slice(0, 40)}"`);
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The value of an option that takes a time like `90s`, `15m`, `1h`, `7d`, in ms; undefined when it was not given. @throws UsageError. */
export function spanOption(
  name: string,
  value: string | boolean | undefined,
  limits: { readonly least: number; readonly most: number /** The same for people. */; readonly words: string },
): number | undefined {
  if (value === undefined) return undefined;
  const found = /^(\d{1,7})([smhd])$/.exec(String(value));
  const ms = found === null ? 0 : Number(found[1]) * UNITS[found[2] as keyof typeof UNITS];
  if (ms >= limits.least && ms <= limits.most) return ms;
  throw new UsageError(
    `--${name} takes a time like 90s, 15m, 1h or 7d, ${limits.words}, not "${String(value).slice(0, 40)}"`,
  );
}
