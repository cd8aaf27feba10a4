import type { Keyring } from '../model/keys.ts';

/** The key file: readable by its owner alone. */
export interface KeyStore {
  /** @throws TandemError `bad-node-file` when it is missing, readable by others, or holds no keys. */
  load(): Keyring;
  /** Durable when it resolves, in the order of the calls. Rejects with TandemError `io`; then either ring may stand there. */
  save(ring: Keyring): Promise<void>;
}
