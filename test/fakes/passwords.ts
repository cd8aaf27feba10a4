import type { PasswordHasher, PasswordStore } from '../../src/ports/passwords.ts';

/** Hashes that are none, and a file in memory; counts what runs at once. */
export class FakePasswords implements PasswordHasher, PasswordStore {
  saved: string | undefined;
  hashes = 0;
  atOnce = 0;
  mostAtOnce = 0;

  load = (): string | undefined => this.saved;
  hash = (password: string): Promise<string> => this.#work(() => `hash of ${password}`);
  matches = (password: string, hash: string): Promise<boolean> => this.#work(() => hash === `hash of ${password}`);

  async save(hash: string): Promise<void> {
    this.saved = hash;
  }

  async #work<T>(result: () => T): Promise<T> {
    this.hashes += 1;
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    await new Promise((done) => setImmediate(done));
    this.atOnce -= 1;
    return result();
  }
}
