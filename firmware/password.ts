import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatPhc, parsePhc } from '../src/codec/phc.ts';
import { TandemError } from '../src/model/error.ts';
import type { PasswordHasher, PasswordStore } from '../src/ports/passwords.ts';
import { writeAtomic } from './store/atomic.ts';

/**
 * 19 MiB, two passes, one lane. RFC 9106, section 4, recommends 64 MiB with three passes where memory is scarce; a box has
 * one core or two and as little as 512 MiB for everything, so this is the next smaller choice that OWASP's password
 * storage sheet names. It takes 50 ms on one core of a server.
 */
const COST = { memory: 19_456, passes: 2, lanes: 1 } as const;
/** Bytes (RFC 9106, section 3.1: 16 are enough for a salt, 32 for a tag). */
const SALT = 16;
const TAG = 32;

const derive = (parameters: Argon2Parameters): Promise<Buffer> =>
  new Promise((done, failed) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? done(tag) : failed(error)));
  });

/** Argon2id (RFC 9106) on the runtime's thread pool. */
export const argon2Hasher: PasswordHasher = {
  async hash(password) {
    const salt = randomBytes(SALT);
    const { memory, passes, lanes } = COST;
    const tag = await derive({ message: password, nonce: salt, memory, passes, parallelism: lanes, tagLength: TAG });
    return formatPhc({ ...COST, salt, tag });
  },
  async matches(password, hash) {
    const known = parsePhc(hash);
    if (known === undefined) {
      throw new TandemError('io', 'the stored password hash is damaged', {
        remedy: 'set the password again: tandem password',
      });
    }
    const { memory, passes, lanes, salt, tag } = known;
    const said = await derive({
      message: password,
      nonce: salt,
      memory,
      passes,
      parallelism: lanes,
      tagLength: tag.length,
    });
    return timingSafeEqual(said, tag);
  },
};

/** The hash in a file of one line that only root may read. */
export function openPasswordStore(path: string): PasswordStore {
  return {
    load() {
      try {
        return readFileSync(path, 'utf8').trim();
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new TandemError('io', `${path} cannot be read`, {
          remedy: 'set the password again: tandem password',
          cause,
        });
      }
    },
    save: (hash) => writeAtomic(path, `${hash}\n`, 0o600),
  };
}
