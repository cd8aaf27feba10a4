import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';
import type { NodeFile } from '../../src/model/node.ts';
import { parseNodeFile } from '../../src/model/parseDocument.ts';
import { parseKeys } from '../keys/keyText.ts';
import { writeAtomic } from '../store/atomic.ts';

/** The files that make a box a router. The node file decides: without it the box is unconfigured. */
export interface BoxFiles {
  /** undefined when the box is unconfigured. @throws TandemError `bad-node-file`, `io`. */
  node(): NodeFile | undefined;
  /**
   * Writes everything else first and the node file last, so that a power cut leaves a router or an unconfigured box.
   * Without `key` a new one is made. Rejects with TandemError `io`.
   */
  install(box: {
    readonly node: string;
    readonly document: string;
    readonly password: string;
    readonly key: string | undefined;
  }): Promise<void>;
  /** The key that signs, 64 hex digits. @throws TandemError `io`, `bad-node-file`. */
  key(path: string): string;
  /** Marks the box; the next start empties its disk before anything reads it (image/build/init.sh). */
  forget(): Promise<void>;
}

/** Bytes of the pair's key. */
const KEY = 32;

export function openBoxFiles(etc: string, state: string): BoxFiles {
  const nodePath = join(etc, 'node.yaml');
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new TandemError('io', `${path} cannot be read`, { cause });
    }
  };
  return {
    node() {
      const text = read(nodePath);
      if (text === undefined) return undefined;
      const parsed = parseNodeFile(text);
      if (parsed.ok) return parsed.document;
      throw new TandemError('bad-node-file', `${nodePath} is not right`, { faults: parsed.faults });
    },
    async install({ node, document, password, key }) {
      await writeAtomic(join(etc, 'pair.key'), `${key ?? randomBytes(KEY).toString('hex')}\n`, 0o600);
      await writeAtomic(join(state, 'admin.argon2'), `${password}\n`, 0o600);
      await writeAtomic(join(etc, 'seed.yaml'), document, 0o644);
      await writeAtomic(nodePath, node, 0o644);
    },
    key(path) {
      const text = read(path);
      if (text !== undefined) return parseKeys(path, text).sign.secret;
      throw new TandemError('io', `${path} does not hold the pair’s key`, { remedy: 'see key_file in the node file' });
    },
    forget: () => writeAtomic(join(state, 'factory-reset'), '', 0o600),
  };
}

/** What a session leaves for the next one: a file that a restart of the box forgets. */
export function openKept(path: string) {
  return {
    read(): string | undefined {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    /** Never throws: without it the person types again. */
    write(text: string): void {
      try {
        if (text === '') rmSync(path, { force: true });
        else writeFileSync(path, text, { mode: 0o600 });
      } catch {
        // A full /run: nothing is kept.
      }
    },
  };
}
