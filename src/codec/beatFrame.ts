import { TandemError } from '../model/error.ts';
import type { LinkId, Role } from '../model/pair.ts';
import type { Beat } from './beat.ts';

/**
 * Layout of both versions, numbers big-endian, offsets in bytes. The bits are node, role (3), public, private, ready,
 * handing over. `speaks` is the highest version its sender speaks, 0 for 1: a release that knows version 1 alone reads it
 * as the top of a sequence of 48 bits, which stays as good a sequence, and in three centuries of beats never counts that
 * far itself. So a version 1 frame can say that its sender speaks more.
 *
 * Version 2 leaves room: the upper half of `speaks` are four flags, and between `rest` and the code there may be more
 * fields, up to `MAX_FRAME` in all. Those that a release does not know it ignores; a field that must not be ignored needs
 * version 3. A longer frame takes longer on a slow serial line, so the flags are to be used up first. The first such
 * field is what was last heard over the heartbeat NIC, 4 bytes, in frames of boxes that have one and have heard over it.
 */
const AT = {
  version: 0,
  pair: 1,
  bits: 5,
  boot: 6,
  speaks: 14,
  sequence: 15,
  term: 20,
  prepared: 24,
  granted: 28,
  revision: 32,
  hearing: 36,
  heard: 44,
  rest: 56,
} as const;

/** What every release understands, and what is sent until the twin has said that it speaks more. */
export const FIRST_VERSION = 1;
/** The highest version that this release speaks; a frame holds versions up to 15. */
export const HIGHEST_VERSION = 2;

/** Of HMAC-SHA-256, truncated as RFC 2104 section 5 allows (half of the digest at the least). */
const MAC_BYTES = 16;

/** A beat's size; of version 2, the least. */
export const FRAME_SIZE = AT.rest + MAC_BYTES;

/** Of the field behind the rest, in frames of version 2. */
const HEARTBEAT_BYTES = 4;

/** The bits of the byte `speaks` that are a version. */
const SPEAKS = 0x0f;

/** No frame of any version is longer; what a link has to be able to hold. */
export const MAX_FRAME = 80;

const ROLES: readonly Role[] = ['idle', 'standby', 'taking', 'active', 'releasing'];
/** Their sequences last heard stand in every frame, in this order; the heartbeat NIC's behind them, where there is one. */
const HEARD: readonly LinkId[] = ['serial', 'public', 'private'];

const HEARD_NAMES = HEARD.map((link) => `heard.${link}`);

const NOBODY = '0000000000000000';
const BOOT = /^[0-9a-f]{16}$/;

/** Message authentication code of the bytes under the pair's key: HMAC-SHA-256, 32 bytes. */
export type Mac = (bytes: Uint8Array) => Uint8Array;

/**
 * Why a frame is no beat. `truncated`, `long`: not the size of its version. `future-version`: of a version that this
 * release does not know (unproved: damage looks the same). `foreign`: its code is wrong and it names another pair.
 * `corrupted`: its code is wrong and it names this pair, so it was damaged on the way or sealed with another key.
 * `malformed`: authentic, and a field holds what that field cannot.
 */
export type Refusal = 'truncated' | 'long' | 'future-version' | 'foreign' | 'corrupted' | 'malformed';

export type Opened =
  /** `key` counts the accepted keys from 0. */
  { readonly ok: true; readonly beat: Beat; readonly key: number } | { readonly ok: false; readonly reason: Refusal };

/** How a frame is judged. */
export interface Opening {
  /** Codes under the keys that are accepted, the signing one first. */
  readonly keys: readonly Mac[];
  /** Of this pair, as in `Beat`; undefined tells foreign frames from corrupted ones no more. */
  readonly pair?: number | undefined;
  /** Highest version understood; this release's unless told. */
  readonly highest?: number;
}

/**
 * The beat as `FRAME_SIZE` bytes, or 4 more where a heartbeat NIC was heard and the version has room for it; authenticated.
 * @throws TandemError `internal` when a field is outside its range, which only a fault of our own can bring about.
 */
export function sealBeat(beat: Beat, mac: Mac): Uint8Array {
  const more = beat.version > FIRST_VERSION && beat.heard.heartbeat !== 0 ? HEARTBEAT_BYTES : 0;
  const code = AT.rest + more;
  const frame = new Uint8Array(code + MAC_BYTES);
  frame[AT.version] = ranged('version', beat.version, FIRST_VERSION, HIGHEST_VERSION);
  putWord(frame, AT.pair, ranged('pair', beat.pair));
  frame[AT.bits] = bitsOf(beat);
  putBoot(frame, AT.boot, 'boot', beat.boot);
  ranged('speaks', beat.speaks, beat.version, SPEAKS);
  frame[AT.speaks] = beat.speaks === FIRST_VERSION ? 0 : beat.speaks;
  ranged('sequence', beat.sequence, 1, 2 ** 40 - 1);
  frame[AT.sequence] = Math.floor(beat.sequence / 2 ** 32);
  putWord(frame, AT.sequence + 1, beat.sequence % 2 ** 32);
  putWord(frame, AT.term, ranged('term', beat.term));
  putWord(frame, AT.prepared, ranged('prepared', beat.prepared));
  putWord(frame, AT.granted, ranged('granted', beat.granted));
  putWord(frame, AT.revision, ranged('revision', beat.revision));
  if (beat.hearing !== '') putBoot(frame, AT.hearing, 'hearing', beat.hearing);
  for (let index = 0; index < HEARD.length; index += 1) {
    const link = HEARD[index]!;
    putWord(frame, AT.heard + 4 * index, ranged(HEARD_NAMES[index]!, beat.heard[link]));
  }
  if (more > 0) putWord(frame, AT.rest, ranged('heard.heartbeat', beat.heard.heartbeat));
  const full = mac(frame.subarray(0, code));
  for (let i = 0; i < MAC_BYTES; i += 1) frame[code + i] = full[i]!;
  return frame;
}

/** Judges one frame from a link. Never throws; a comparison takes the same time wherever the codes differ. */
export function openBeat(frame: Uint8Array, { keys, pair, highest = HIGHEST_VERSION }: Opening): Opened {
  if (frame.length === 0) return refused('truncated');
  const version = frame[AT.version]!;
  if (version > highest) return refused('future-version');
  if (frame.length < FRAME_SIZE) return refused('truncated');
  if (frame.length > (version === FIRST_VERSION ? FRAME_SIZE : MAX_FRAME)) return refused('long');
  const code = frame.length - MAC_BYTES;
  const key = keys.findIndex((mac) => sameCode(mac(frame.subarray(0, code)), frame.subarray(code)));
  if (key < 0) return refused(pair === undefined || wordAt(frame, AT.pair) === pair ? 'corrupted' : 'foreign');

  const bits = frame[AT.bits]!;
  const role = ROLES[(bits >> 1) & 7];
  const boot = readBoot(frame, AT.boot);
  const sequence = frame[AT.sequence]! * 2 ** 32 + wordAt(frame, AT.sequence + 1);
  const speaks = Math.max(version, frame[AT.speaks]! & SPEAKS);
  if (version < FIRST_VERSION || role === undefined || boot === '' || sequence === 0) return refused('malformed');
  return {
    ok: true,
    key,
    beat: {
      version,
      speaks,
      pair: wordAt(frame, AT.pair),
      from: (bits & 1) === 0 ? 'a' : 'b',
      boot,
      sequence,
      term: wordAt(frame, AT.term),
      role,
      publicUp: (bits & 16) !== 0,
      privateUp: (bits & 32) !== 0,
      ready: (bits & 64) !== 0,
      handingOver: (bits & 128) !== 0,
      prepared: wordAt(frame, AT.prepared),
      granted: wordAt(frame, AT.granted),
      revision: wordAt(frame, AT.revision),
      hearing: readBoot(frame, AT.hearing),
      heard: {
        serial: wordAt(frame, AT.heard),
        heartbeat: code >= AT.rest + HEARTBEAT_BYTES ? wordAt(frame, AT.rest) : 0,
        public: wordAt(frame, AT.heard + 4),
        private: wordAt(frame, AT.heard + 8),
      },
    },
  };
}

const refused = (reason: Refusal): Opened => ({ ok: false, reason });

function bitsOf(beat: Beat): number {
  return (
    (beat.from === 'a' ? 0 : 1) |
    (ROLES.indexOf(beat.role) << 1) |
    (beat.publicUp ? 16 : 0) |
    (beat.privateUp ? 32 : 0) |
    (beat.ready ? 64 : 0) |
    (beat.handingOver ? 128 : 0)
  );
}

function ranged(field: string, value: number, least = 0, most = 2 ** 32 - 1): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TandemError('internal', `beat.${field} is ${value}, not an integer from ${least} to ${most}`);
}

function putBoot(frame: Uint8Array, at: number, field: string, boot: string): void {
  if (!BOOT.test(boot) || boot === NOBODY) {
    throw new TandemError('internal', `beat.${field} is not 8 bytes of lower-case hex, or all zero`);
  }
  putWord(frame, at, Number.parseInt(boot.slice(0, 8), 16));
  putWord(frame, at + 4, Number.parseInt(boot.slice(8), 16));
}

function readBoot(frame: Uint8Array, at: number): string {
  const text = hex(wordAt(frame, at)) + hex(wordAt(frame, at + 4));
  return text === NOBODY ? '' : text;
}

function putWord(frame: Uint8Array, at: number, value: number): void {
  frame[at] = value >>> 24;
  frame[at + 1] = value >>> 16;
  frame[at + 2] = value >>> 8;
  frame[at + 3] = value;
}

const wordAt = (frame: Uint8Array, at: number): number =>
  ((frame[at]! << 24) | (frame[at + 1]! << 16) | (frame[at + 2]! << 8) | frame[at + 3]!) >>> 0;

const hex = (value: number): string => value.toString(16).padStart(8, '0');

function sameCode(full: Uint8Array, given: Uint8Array): boolean {
  let difference = given.length ^ MAC_BYTES;
  for (let i = 0; i < MAC_BYTES; i += 1) difference |= full[i]! ^ given[i]!;
  return difference === 0;
}
