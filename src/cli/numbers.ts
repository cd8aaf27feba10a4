import { UsageError } from './io.ts';

/** The value of an option that takes a whole number; undefined when it was not given. @throws UsageError. */
export function wholeOption(name: string, value: string | boolean | undefined, max: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d{1,15}$/.test(String(value)) && number >= 1 && number <= max) return number;
  throw new UsageError(`--${name} takes a whole number from 1 to ${max}, not "${String(value).slice(0, 40)}"`);
}
