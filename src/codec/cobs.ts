/**
 * Consistent Overhead Byte Stuffing (Cheshire and Baker, IEEE/ACM Transactions on Networking 7(2), 1999): frames on a
 * byte stream without any zero inside, so that a zero always is a frame's edge and a listener resynchronises at the next.
 */

const DELIMITER = 0x00;
const LONGEST_RUN = 0xff;

/** The stuffed frame between two delimiters; the leading one ends whatever noise stood on the line before. */
export function encodeCobs(frame: Uint8Array): Uint8Array {
  const out = new Uint8Array(frame.length + Math.floor(frame.length / 254) + 3);
  let code = 1;
  let at = 2;
  for (let i = 0; i < frame.length; i += 1) {
    const byte = frame[i]!;
    if (byte !== DELIMITER) {
      out[at] = byte;
      at += 1;
    }
    const run = at - code;
    if (byte === DELIMITER || (run === LONGEST_RUN && i + 1 < frame.length)) {
      out[code] = run;
      code = at;
      at += 1;
    }
  }
  out[code] = at - code;
  out[at] = DELIMITER;
  return out.subarray(0, at + 1);
}

/** What was lost on the way, since the decoder was made. */
export interface CobsLosses {
  /** Runs of bytes longer than any frame. */
  readonly oversized: number;
  /** Runs of bytes that are no stuffed frame. */
  readonly malformed: number;
}

export interface CobsDecoder {
  /** Takes any piece of the stream; returns the whole frames it completed, each its own copy. Never throws. */
  push(bytes: Uint8Array): Uint8Array[];
  losses(): CobsLosses;
}

/** A streaming decoder that holds at most one frame of `maxFrame` bytes. */
export function createCobsDecoder(maxFrame: number): CobsDecoder {
  const buffer = new Uint8Array(maxFrame + Math.floor(maxFrame / 254) + 1);
  let length = 0;
  let overflown = false;
  let oversized = 0;
  let malformed = 0;

  const finish = (): Uint8Array | undefined => {
    const frame = overflown ? undefined : unstuff(buffer, length);
    if (overflown || (frame !== undefined && frame.length > maxFrame)) oversized += 1;
    else if (frame === undefined) malformed += 1;
    else return frame;
    return undefined;
  };

  return {
    push(bytes) {
      const frames: Uint8Array[] = [];
      for (let i = 0; i < bytes.length; i += 1) {
        const byte = bytes[i]!;
        if (byte === DELIMITER) {
          const frame = length > 0 ? finish() : undefined;
          if (frame !== undefined) frames.push(frame);
          length = 0;
          overflown = false;
        } else if (length === buffer.length) {
          overflown = true;
        } else {
          buffer[length] = byte;
          length += 1;
        }
      }
      return frames;
    },
    losses: () => ({ oversized, malformed }),
  };
}

/** Undoes the stuffing of the first `length` bytes, a run without delimiters; undefined when a code byte points past its end. */
function unstuff(stuffed: Uint8Array, length: number): Uint8Array | undefined {
  let size = 0;
  for (let from = 0; from < length; ) {
    const code = stuffed[from]!;
    from += code;
    if (from > length) return undefined;
    size += code < LONGEST_RUN && from < length ? code : code - 1;
  }
  // Made once, at its size, and filled by hand: this runs for every frame, and views cost more than the few bytes they copy.
  const out = new Uint8Array(size);
  let to = 0;
  for (let from = 0; from < length; ) {
    const code = stuffed[from]!;
    for (let i = 1; i < code; i += 1) out[to + i - 1] = stuffed[from + i]!;
    // A new array is full of zeros: the one that ended the run is there.
    to += code < LONGEST_RUN ? code : code - 1;
    from += code;
  }
  return out;
}
