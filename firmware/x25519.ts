import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** SubjectPublicKeyInfo of a raw X25519 key (RFC 8410). */
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');

/** The 32 bytes of a public key as they go over a wire (RFC 7748). */
export const rawPublicKey = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(SPKI.length));

/** undefined when `theirs` is no key, or one that leads to no secret. */
export function sharedSecret(privateKey: KeyObject, theirs: Uint8Array): Buffer | undefined {
  if (theirs.length !== KEY_BYTES) return undefined;
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([SPKI, theirs]), format: 'der', type: 'spki' });
    return diffieHellman({ privateKey, publicKey });
  } catch {
    return undefined;
  }
}
