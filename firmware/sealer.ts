import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { TandemError } from '../src/model/error.ts';
import type { Sealer } from '../src/ports/peer.ts';

/** Size of the pair key in bytes. */
const KEY_BYTES = 32;

/**
 * Reads the pair key: 64 hex digits in a file that only its owner can read.
 * @throws TandemError `bad-node-file` when it is missing, readable by others, or not 32 bytes of hex.
 */
export function openSealer(keyFile: string): Sealer {
  const key = readKey(keyFile);
  return { mac: (bytes) => createHmac('sha256', key).update(bytes).digest() };
}

function readKey(keyFile: string): KeyObject {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(keyFile, 'utf8').trim();
    mode = statSync(keyFile).mode;
  } catch (cause) {
    throw new TandemError('bad-node-file', `key_file ${keyFile} cannot be read`, {
      remedy: 'copy the pair key of the twin to this path, owner root, mode 0600',
      cause,
    });
  }
  if ((mode & 0o077) !== 0) {
    throw new TandemError(
      'bad-node-file',
      `key_file ${keyFile} can be read by others (mode ${(mode & 0o777).toString(8)})`,
      {
        remedy: `chmod 600 ${keyFile}`,
      },
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new TandemError(
      'bad-node-file',
      `key_file ${keyFile} does not hold ${KEY_BYTES} bytes as ${KEY_BYTES * 2} hex digits`,
      {
        remedy: 'copy the pair key of the twin to this path unchanged',
      },
    );
  }
  // A KeyObject is prepared once; raw bytes would be prepared for every frame, which costs seven times the hash.
  return createSecretKey(text, 'hex');
}
