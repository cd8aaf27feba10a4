import type { PairingFrame } from '../../codec/pairingFrame.ts';

/** Both ends of pairing: the first box gives document and key, the second takes them. */

/** What both ends come to know alone when they share the code. */
export interface RunKeys {
  /** The second box's word that it knows the code, 32 bytes. */
  readonly proof: Uint8Array;
  seal(plain: Uint8Array): Uint8Array;
  /** undefined when it was not sealed with these keys. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}

/** One end's own key of one run (X25519, RFC 7748). */
export interface RunKey {
  readonly publicKey: Uint8Array;
  /**
   * @param own which end this is: the transcript has the second box first.
   * @returns undefined when `theirs` is no key.
   */
  agree(own: 'first' | 'second', theirs: Uint8Array, code: string, run: Uint8Array): RunKeys | undefined;
}

export type PairingEvent =
  | { readonly type: 'frame'; readonly frame: PairingFrame }
  /** Several times a second, whether something came or not. */
  | { readonly type: 'tick' };

export type PairingEnd =
  | { readonly ok: true; readonly gift: Uint8Array | undefined }
  | { readonly ok: false; readonly reason: 'wrong-code' | 'too-many-tries' | 'nobody' | 'refused' | 'damaged' };

export interface PairingStep<S> {
  readonly state: S;
  readonly send: readonly PairingFrame[];
  readonly end: PairingEnd | undefined;
}

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => {
  let differs = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) differs |= one[at]! ^ (other[at] ?? 0);
  return differs === 0;
};

export const NOTHING: Uint8Array = new Uint8Array(0);
