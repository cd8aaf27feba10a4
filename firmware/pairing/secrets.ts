import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  randomInt,
  scryptSync,
} from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { rawPublicKey, sharedSecret } from '../x25519.ts';

/** The cryptography of pairing, all of it the runtime's own. */

/** No i, l and o: 31 signs. */
const SIGNS = '23456789abcdefghjkmnpqrstuvwxyz';
const CODE_SIGNS = 8;

/** A one-time code of 39 bits. */
export const newCode = (): string => Array.from({ length: CODE_SIGNS }, () => SIGNS[randomInt(SIGNS.length)]).join('');

/**
 * Whoever sits in the middle of the cable learns the second box's proof and could try codes on it: each try costs one
 * scrypt (RFC 7914), tens of ms and 16 MiB, so all of them take centuries of a processor while a run lasts seconds.
 */
const STRETCH = { N: 16_384, r: 8, p: 1 } as const;

const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Each run has its own key, which seals one message. */
const NONCE = new Uint8Array(12);

/** Bytes of a gift once unpacked. */
const MAX_GIFT = 2 * 1024 * 1024;

export const newRun = (): Uint8Array => new Uint8Array(randomBytes(8));

/** What both ends know alone when they share the code. */
interface Keys {
  readonly proof: Uint8Array;
  seal(plain: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array | undefined;
}

/** A fresh key of one run (X25519, RFC 7748). */
export function newRunKey() {
  const { publicKey: pub, privateKey } = generateKeyPairSync('x25519');
  const publicKey = rawPublicKey(pub);
  return {
    publicKey,
    agree(own: 'first' | 'second', theirs: Uint8Array, code: string, run: Uint8Array): Keys | undefined {
      const shared = sharedSecret(privateKey, theirs);
      if (shared === undefined) return undefined;
      const [second, first] = own === 'second' ? [publicKey, theirs] : [theirs, publicKey];
      const transcript = createHash('sha256').update(run).update(second).update(first).digest();
      const stretched = scryptSync(code, transcript, KEY_BYTES, STRETCH);
      const material = Buffer.from(
        hkdfSync('sha256', Buffer.concat([shared, stretched]), transcript, 'tandem pairing 1', 2 * KEY_BYTES),
      );
      const proof = createHmac('sha256', material.subarray(0, KEY_BYTES)).update('second box').digest();
      return keysOf(new Uint8Array(proof), material.subarray(KEY_BYTES));
    },
  };
}

/** AES-256-GCM (NIST SP 800-38D) over what was deflated. */
function keysOf(proof: Uint8Array, key: Uint8Array): Keys {
  return {
    proof,
    seal(plain) {
      const cipher = createCipheriv('aes-256-gcm', key, NONCE);
      return new Uint8Array(Buffer.concat([cipher.update(deflateRawSync(plain)), cipher.final(), cipher.getAuthTag()]));
    },
    open(sealed) {
      if (sealed.length < TAG_BYTES) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: TAG_BYTES });
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        const packed = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
        return new Uint8Array(inflateRawSync(packed, { maxOutputLength: MAX_GIFT }));
      } catch {
        return undefined;
      }
    },
  };
}
