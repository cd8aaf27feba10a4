/** Bytes one beat puts on the serial line: the sealed frame, one COBS code byte and a delimiter on each side. */
export const BEAT_LINE_BYTES = 75;

/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

/** Share of a serial line at `baud` bits/s, 0 to 1 and above, that one beat every `intervalMs` ms uses in each direction. */
export function lineShare(intervalMs: number, baud: number): number {
  return (BEAT_LINE_BYTES * BITS_PER_BYTE * 1000) / (intervalMs * baud);
}
