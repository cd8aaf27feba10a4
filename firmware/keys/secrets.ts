import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { PairKey } from '../../src/model/keys.ts';
import { rawPublicKey, sharedSecret } from '../x25519.ts';
import { keyOf } from './keyText.ts';

/** The cryptography of an exchange of pair keys, all of it the runtime's own. */

const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Each wrapping has its own key, which seals one message. */
const NONCE = new Uint8Array(12);

const bytesOf = (key: PairKey): Uint8Array => new Uint8Array(Buffer.from(key.secret, 'hex'));

/** A key of its own for each purpose (HKDF, RFC 5869): no code of an exchange is ever one of a beat. */
const derived = (material: Uint8Array, salt: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', material, salt, `tandem keys 1 ${purpose}`, KEY_BYTES));

export const newPairKey = (): PairKey => keyOf(randomBytes(KEY_BYTES).toString('hex'));

/** HMAC-SHA-256 under the pair key. A KeyObject is prepared once; raw bytes would be prepared for every frame. */
export function macOf(key: PairKey): (bytes: Uint8Array) => Uint8Array {
  const prepared = createSecretKey(key.secret, 'hex');
  return (bytes) => createHmac('sha256', prepared).update(bytes).digest();
}

export const keySecrets = {
  newRun: (): Uint8Array => new Uint8Array(randomBytes(8)),
  fresh() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    return {
      publicKey: rawPublicKey(publicKey),
      agree(theirs: Uint8Array, under: PairKey, transcript: Uint8Array) {
        const shared = sharedSecret(privateKey, theirs);
        if (shared === undefined) return undefined;
        return wrapping(derived(Buffer.concat([shared, bytesOf(under)]), transcript, 'wrap'));
      },
    };
  },
  tag(under: PairKey, bytes: Uint8Array): Uint8Array {
    const key = derived(bytesOf(under), NONCE, 'tag');
    return new Uint8Array(createHmac('sha256', key).update(bytes).digest().subarray(0, TAG_BYTES));
  },
  keyOf: (secret: Uint8Array): PairKey => keyOf(Buffer.from(secret).toString('hex')),
  bytesOf,
};

/** AES-256-GCM (NIST SP 800-38D). */
function wrapping(key: Uint8Array) {
  return {
    seal(plain: Uint8Array): Uint8Array {
      const cipher = createCipheriv('aes-256-gcm', key, NONCE);
      return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
    },
    open(sealed: Uint8Array): Uint8Array | undefined {
      if (sealed.length !== KEY_BYTES + TAG_BYTES) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: TAG_BYTES });
        decipher.setAuthTag(sealed.subarray(KEY_BYTES));
        return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, KEY_BYTES)), decipher.final()]));
      } catch {
        return undefined;
      }
    },
  };
}
