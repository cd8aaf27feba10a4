import type { Fault } from './error.ts';

/** What an admin password may be. */

/** Characters (code points). The greatest length bounds the work that a stranger can ask of the hash. */
export const PASSWORD = { least: 10, most: 128 } as const;

/**
 * The form in which a password is hashed and compared: the same letters typed on another keyboard are the same password
 * (RFC 8265, section 4.2: other spaces become U+0020, then Unicode normalization form C).
 */
export const preparedPassword = (text: string): string => text.replace(/\p{Zs}/gu, ' ').normalize('NFC');

/**
 * What is wrong with a new password; undefined when nothing is. It asks for length and not for kinds of characters
 * (NIST SP 800-63B, section 5.1.1.2). The password itself is never in the answer.
 */
export function passwordFault(text: string): Fault | undefined {
  const length = text.length > 4 * PASSWORD.most ? text.length : [...preparedPassword(text)].length;
  const fault = (value: string, remedy: string): Fault => ({ path: 'password', value, remedy });
  if (length < PASSWORD.least || length > PASSWORD.most) {
    return fault(`${length} characters, not shown`, `give ${PASSWORD.least} to ${PASSWORD.most} characters`);
  }
  if (/\p{Cc}|\p{Cs}/u.test(text)) {
    return fault('not shown', 'give characters that can be typed: no tabs, line ends or other control characters');
  }
  if (new Set(preparedPassword(text)).size < 4) {
    return fault('not shown', 'give at least four different characters');
  }
  return undefined;
}
