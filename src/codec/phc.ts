/**
 * A password's hash as text: `$argon2id$v=19$m=…,t=…,p=…$salt$tag` in the PHC string format, as the argon2 reference
 * program writes it. Base64 without padding.
 */
export interface PasswordTag {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replace(/=+$/, '');
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Argon2 version 1.3 (RFC 9106, section 3.1). */
const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

export const formatPhc = ({ memory, passes, lanes, salt, tag }: PasswordTag): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${toBase64(salt)}$${toBase64(tag)}`;

/** Undefined when the text is none, or one that would take more than 1 GiB or 100 passes. */
export function parsePhc(text: string): PasswordTag | undefined {
  const [, m, t, p, salt = '', tag = ''] = FORM.exec(text) ?? [];
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)];
  if (!(memory >= 8 * lanes && memory <= 1_048_576 && passes >= 1 && passes <= 100 && lanes >= 1)) return undefined;
  // One letter more than whole bytes need is no Base64 (RFC 4648, section 4).
  if (salt.length % 4 === 1 || tag.length % 4 === 1) return undefined;
  return { memory, passes, lanes, salt: fromBase64(salt), tag: fromBase64(tag) };
}
