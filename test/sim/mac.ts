import type { Sealer } from '../../src/ports/peer.ts';

/**
 * Seals frames under a key as HMAC-SHA-256 would: another key or a changed byte gives another code (two 32-bit hashes,
 * FNV-1a and a rotated one, mixed as MurmurHash3's finaliser does). Nobody in the simulator tries to forge one, and the
 * real code costs more than all the rest of a run.
 */
export function simSealer(key: number): Sealer {
  return {
    mac(bytes) {
      let one = (0x811c9dc5 ^ key) | 0;
      let two = Math.imul(key, 0x9e3779b1) | 1;
      for (let i = 0; i < bytes.length; i += 1) {
        const byte = bytes[i]!;
        one = Math.imul(one ^ byte, 0x01000193);
        two = Math.imul(((two << 5) | (two >>> 27)) ^ byte, 0x85ebca6b);
      }
      const code = new Uint8Array(32);
      for (let i = 0; i < 8; i += 1) {
        const word = finish(one ^ Math.imul(two, 2 * i + 1));
        for (let byte = 0; byte < 4; byte += 1) code[4 * i + byte] = word >>> (8 * byte);
      }
      return code;
    },
  };
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
