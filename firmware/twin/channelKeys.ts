import { hkdfSync } from 'node:crypto';
import { acceptedKeys } from '../../src/model/keys.ts';
import type { ChannelKey } from '../../src/ports/twin.ts';
import { openKeyFile } from '../keys/keyFile.ts';

const KEY_BYTES = 32;

/**
 * The keys of the controllers' channel, one for each pair key that the key file holds now, the signing one first: HKDF
 * (RFC 5869) under a label of its own, so that no key of the channel is ever one of a beat.
 * @throws TandemError `bad-node-file`, see `openKeyFile`.
 */
export function channelKeys(path: string): readonly ChannelKey[] {
  return acceptedKeys(openKeyFile(path).load()).map(({ id, secret }) => ({
    identity: id,
    secret: new Uint8Array(
      hkdfSync('sha256', Buffer.from(secret, 'hex'), new Uint8Array(0), 'tandem channel 1 psk', KEY_BYTES),
    ),
  }));
}
