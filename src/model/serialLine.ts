/** Bytes one beat puts on the serial line: the sealed frame, one COBS code byte and a delimiter on each side. */
export const BEAT_LINE_BYTES = 75;

/** Start bit, eight data bits, stop bit. */
export const BITS_PER_BYTE = 10;

/** Share of a serial line at `baud` bits/s, 0 to 1 and above, that one beat every `intervalMs` ms uses in each direction. */
export function lineShare(intervalMs: number, baud: number): number {
  return (BEAT_LINE_BYTES * BITS_PER_BYTE * 1000) / (intervalMs * baud);
}

/** Beats may use less than this share of the line; the rest is for replication and for catching up after noise. */
export const MAX_LINE_SHARE = 0.6;

/** The shortest interval in whole ms that keeps the beats under `MAX_LINE_SHARE` at `baud` bits/s. */
export function shortestInterval(baud: number): number {
  let interval = Math.max(1, Math.floor((BEAT_LINE_BYTES * BITS_PER_BYTE * 1000) / (baud * MAX_LINE_SHARE)));
  while (lineShare(interval, baud) >= MAX_LINE_SHARE) interval++;
  return interval;
}
