import { createHmac } from 'node:crypto';
import { TandemError } from '../../src/model/error.ts';
import type { Keyring, PairKey } from '../../src/model/keys.ts';

/** 64 hex digits as a key; its id is a digest that only a holder of the key can make. */
export function keyOf(secret: string): PairKey {
  const lower = secret.toLowerCase();
  const id = createHmac('sha256', Buffer.from(lower, 'hex')).update('tandem key id').digest('hex').slice(0, 16);
  return { id, secret: lower };
}

const FORM = /^([0-9a-f]{64})(?:\s*\n(next|former) ([0-9a-f]{64}))?$/i;

/**
 * A key file's text: the key that signs as 64 hex digits, and while keys are exchanged a second line, `next` or `former`
 * and another key. A file of one key is as it always was.
 * @throws TandemError `bad-node-file`; it never shows what the file holds.
 */
export function parseKeys(path: string, text: string): Keyring {
  const [, sign, use, other] = FORM.exec(text.trim()) ?? [];
  if (sign === undefined) {
    throw new TandemError('bad-node-file', `key_file ${path} does not hold 32 bytes as 64 hex digits`, {
      remedy:
        'copy the pair key of the twin to this path unchanged: one line, and a second with next or former at the most',
    });
  }
  const second = other === undefined ? undefined : keyOf(other);
  return {
    sign: keyOf(sign),
    next: use?.toLowerCase() === 'next' ? second : undefined,
    former: use?.toLowerCase() === 'former' ? second : undefined,
  };
}

export function keysText({ sign, next, former }: Keyring): string {
  const second = next === undefined ? former && `former ${former.secret}\n` : `next ${next.secret}\n`;
  return `${sign.secret}\n${second ?? ''}`;
}
