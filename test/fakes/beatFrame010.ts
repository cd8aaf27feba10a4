/** The frame as release 0.1.0 seals and opens it, unchanged: a twin that knows version 1 alone. */

import type { Beat as Today } from '../../src/codec/beat.ts';
import { TandemError } from '../../src/model/error.ts';
import type { LinkId, Role } from '../../src/model/pair.ts';

/** Layout of version 1, numbers big-endian, offsets in bytes. The bits are node, role (3), public, private, ready, handing over. */
const AT = {
  version: 0,
  pair: 1,
  bits: 5,
  boot: 6,
  sequence: 14,
  term: 20,
  prepared: 24,
  granted: 28,
  revision: 32,
  hearing: 36,
  heard: 44,
  mac: 56,
} as const;

/** What that release knew of a beat. */
export type Beat = Omit<Today, 'version' | 'speaks'>;

const VERSION = 1;

/** Of HMAC-SHA-256, truncated as RFC 2104 section 5 allows (half of the digest at the least). */
const MAC_BYTES = 16;

/** Every sealed beat of this version has exactly this size. */
export const FRAME_SIZE = AT.mac + MAC_BYTES;

/** No frame of any version is longer; what a link has to be able to hold. */
export const MAX_FRAME = 80;

const ROLES: readonly Role[] = ['idle', 'standby', 'taking', 'active', 'releasing'];
const LINKS: readonly LinkId[] = ['serial', 'public', 'private'];

const NOBODY = '0000000000000000';
const BOOT = /^[0-9a-f]{16}$/;

/** Message authentication code of the bytes under the pair's key: HMAC-SHA-256, 32 bytes. */
export type Mac = (bytes: Uint8Array) => Uint8Array;

export type Refusal = 'short' | 'long' | 'version' | 'mac' | 'field';

export type Opened = { readonly ok: true; readonly beat: Beat } | { readonly ok: false; readonly reason: Refusal };

/**
 * The beat as `FRAME_SIZE` bytes, authenticated.
 * @throws TandemError `internal` when a field is outside its range, which only a fault of our own can bring about.
 */
export function sealBeat(beat: Beat, mac: Mac): Uint8Array {
  const frame = new Uint8Array(FRAME_SIZE);
  const view = new DataView(frame.buffer);
  frame[AT.version] = VERSION;
  view.setUint32(AT.pair, ranged('pair', beat.pair));
  frame[AT.bits] = bitsOf(beat);
  putBoot(view, AT.boot, 'boot', beat.boot);
  ranged('sequence', beat.sequence, 1, 2 ** 48 - 1);
  view.setUint16(AT.sequence, Math.floor(beat.sequence / 2 ** 32));
  view.setUint32(AT.sequence + 2, beat.sequence % 2 ** 32);
  view.setUint32(AT.term, ranged('term', beat.term));
  view.setUint32(AT.prepared, ranged('prepared', beat.prepared));
  view.setUint32(AT.granted, ranged('granted', beat.granted));
  view.setUint32(AT.revision, ranged('revision', beat.revision));
  if (beat.hearing !== '') putBoot(view, AT.hearing, 'hearing', beat.hearing);
  LINKS.forEach((link, index) => {
    view.setUint32(AT.heard + 4 * index, ranged(`heard.${link}`, beat.heard[link]));
  });
  frame.set(mac(frame.subarray(0, AT.mac)).subarray(0, MAC_BYTES), AT.mac);
  return frame;
}

/** Judges one frame from a link. Never throws; the comparison takes the same time wherever the codes differ. */
export function openBeat(frame: Uint8Array, mac: Mac): Opened {
  if (frame.length === 0) return { ok: false, reason: 'short' };
  if (frame[AT.version] !== VERSION) return { ok: false, reason: 'version' };
  if (frame.length < FRAME_SIZE) return { ok: false, reason: 'short' };
  if (frame.length > FRAME_SIZE) return { ok: false, reason: 'long' };
  if (!sameCode(mac(frame.subarray(0, AT.mac)), frame.subarray(AT.mac))) return { ok: false, reason: 'mac' };

  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const bits = frame[AT.bits]!;
  const role = ROLES[(bits >> 1) & 7];
  const boot = readBoot(view, AT.boot);
  const sequence = view.getUint16(AT.sequence) * 2 ** 32 + view.getUint32(AT.sequence + 2);
  if (role === undefined || boot === '' || sequence === 0) return { ok: false, reason: 'field' };
  return {
    ok: true,
    beat: {
      pair: view.getUint32(AT.pair),
      from: (bits & 1) === 0 ? 'a' : 'b',
      boot,
      sequence,
      term: view.getUint32(AT.term),
      role,
      publicUp: (bits & 16) !== 0,
      privateUp: (bits & 32) !== 0,
      ready: (bits & 64) !== 0,
      handingOver: (bits & 128) !== 0,
      prepared: view.getUint32(AT.prepared),
      granted: view.getUint32(AT.granted),
      revision: view.getUint32(AT.revision),
      hearing: readBoot(view, AT.hearing),
      heard: {
        heartbeat: 0,
        serial: view.getUint32(AT.heard),
        public: view.getUint32(AT.heard + 4),
        private: view.getUint32(AT.heard + 8),
      },
    },
  };
}

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

function putBoot(view: DataView, at: number, field: string, boot: string): void {
  if (!BOOT.test(boot) || boot === NOBODY) {
    throw new TandemError('internal', `beat.${field} is not 8 bytes of lower-case hex, or all zero`);
  }
  view.setUint32(at, Number.parseInt(boot.slice(0, 8), 16));
  view.setUint32(at + 4, Number.parseInt(boot.slice(8), 16));
}

function readBoot(view: DataView, at: number): string {
  const text = hex(view.getUint32(at)) + hex(view.getUint32(at + 4));
  return text === NOBODY ? '' : text;
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

function sameCode(full: Uint8Array, given: Uint8Array): boolean {
  let difference = given.length ^ MAC_BYTES;
  for (let i = 0; i < MAC_BYTES; i += 1) difference |= full[i]! ^ given[i]!;
  return difference === 0;
}
