import { TandemError } from '../../model/error.ts';
import { PASSWORD, passwordFault, preparedPassword } from '../../model/password.ts';
import type { PasswordHasher, PasswordStore } from '../../ports/passwords.ts';
import { createTurns } from './turns.ts';

/** Hashes that may wait for their turn; each takes a good part of the box for a moment. */
const MAX_WAITING = 4;

/** The one password of the router, for its web console and its serial console. There is none until somebody sets one. */
export interface AdminPassword {
  isSet(): boolean;
  /**
   * Durable when it resolves. Rejects with TandemError `bad-password` naming what would be right, `refused` when too many
   * are waiting, `io` when the disk refuses; the old one then still stands.
   */
  set(password: string): Promise<void>;
  /** Rejects with TandemError `not-configured` when there is none, `refused` when too many are waiting, `io`. */
  matches(password: string): Promise<boolean>;
  /** Called after each change. */
  onChange(listener: () => void): void;
}

export interface PasswordPorts {
  readonly hasher: PasswordHasher;
  readonly store: PasswordStore;
}

export function createAdminPassword({ hasher, store }: PasswordPorts): AdminPassword {
  const inTurn = createTurns(MAX_WAITING, 'passwords');
  const listeners: (() => void)[] = [];

  return {
    isSet() {
      try {
        return store.load() !== undefined;
      } catch {
        // One that cannot be read opens nothing, and is replaced like any other.
        return true;
      }
    },
    async set(password) {
      const fault = passwordFault(password);
      if (fault !== undefined) {
        throw new TandemError('bad-password', 'the password was not taken', { remedy: fault.remedy, faults: [fault] });
      }
      await inTurn(async () => store.save(await hasher.hash(preparedPassword(password))));
      for (const listener of listeners) listener();
    },
    async matches(password) {
      const hash = store.load();
      if (hash === undefined) {
        throw new TandemError('not-configured', 'no password was set on this router', {
          remedy: 'set one on its serial console or with `tandem password`',
        });
      }
      // What no password can be is not worth a hash; the rules are no secret.
      if (password.length > 4 * PASSWORD.most || passwordFault(password) !== undefined) return false;
      return inTurn(() => hasher.matches(preparedPassword(password), hash));
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
