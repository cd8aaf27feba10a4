import type { KeyFrame } from '../../codec/keyFrame.ts';
import type { Keyring, PairKey } from '../../model/keys.ts';
import type { NodeId } from '../../model/pair.ts';

/** The cryptography of an exchange. */
export interface KeySecrets {
  /** 8 bytes that no other attempt has. */
  newRun(): Uint8Array;
  /** A fresh key of one attempt (X25519, RFC 7748). */
  fresh(): Exchange;
  /** 16 bytes that only a holder of `under` can make of these bytes. */
  tag(under: PairKey, bytes: Uint8Array): Uint8Array;
  /** The pair key of 32 bytes. */
  keyOf(secret: Uint8Array): PairKey;
  bytesOf(key: PairKey): Uint8Array;
}

export interface Exchange {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * What both ends come to share: of their fresh keys, of a pair key that both have, and of the transcript.
   * @returns undefined when `theirs` is no key.
   */
  agree(theirs: Uint8Array, under: PairKey, transcript: Uint8Array): Wrapping | undefined;
}

export interface Wrapping {
  /** 32 bytes become 48. One plain text for each wrapping. */
  seal(plain: Uint8Array): Uint8Array;
  /** undefined when it was not sealed so. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}

export type KeysEvent =
  /** An operator wants another key: this one, just made. */
  | { readonly type: 'rotate'; readonly fresh: PairKey }
  /** The twin's beat was authentic under the key of this id. */
  | { readonly type: 'heard'; readonly id: string }
  | { readonly type: 'frame'; readonly frame: KeyFrame }
  /** The answers to `save`. */
  | { readonly type: 'saved' }
  | { readonly type: 'unsaved' }
  /** At least once a second while a `next` stands. */
  | { readonly type: 'tick' };

export type KeysEffect =
  /** Durable in the key file, then `saved`; or `unsaved`, and then either ring may stand there. */
  | { readonly type: 'save'; readonly ring: Keyring }
  | { readonly type: 'send'; readonly frame: KeyFrame }
  /** A step was made: for the log and the operator. */
  | { readonly type: 'tell'; readonly text: string };

export interface KeysState {
  readonly self: NodeId;
  readonly secrets: KeySecrets;
  /** In force: beats are signed and accepted by it. Never ahead of the file. */
  readonly ring: Keyring;
  /** Being written, and what is told when it stands. */
  readonly saving: { readonly ring: Keyring; readonly text: string } | undefined;
  /** After a write that failed none is tried before this time. */
  readonly saveAfter: number;
  readonly offer: Offer | undefined;
  readonly take: Take | undefined;
}

/** Our own attempt to bring `next` to the twin. */
export interface Offer {
  readonly run: Uint8Array;
  readonly exchange: Exchange;
  readonly at: number;
  /** Answered since it was last sent: one answer is worked on for each time. */
  readonly answered: boolean;
}

/** The twin's attempt. */
export interface Take {
  readonly run: Uint8Array;
  readonly theirs: Uint8Array;
  readonly exchange: Exchange;
  readonly at: number;
}

export interface KeysStep {
  readonly state: KeysState;
  readonly effects: readonly KeysEffect[];
}
