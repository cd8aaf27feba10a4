import type { Beat } from '../../../src/codec/beat.ts';
import { sealBeat } from '../../../src/codec/beatFrame.ts';
import { peerOf } from '../../../src/model/pair.ts';
import type { Box } from '../box.ts';
import { simSealer } from '../mac.ts';
import { sealer } from '../ports.ts';
import type { Dice } from '../random.ts';

const stranger = simSealer(0x0bad);

/**
 * A frame that does not belong on the wire from `box`: an owner's word under another key, of another pair, in the
 * listener's own name, or bytes that are no frame at all.
 */
export function foreignFrame(box: Box, dice: Dice): Uint8Array {
  const kind = dice.pick(['key', 'pair', 'mirror', 'garbage'] as const);
  if (kind === 'garbage') return Uint8Array.from({ length: dice.whole(1, 80) }, () => dice.whole(0, 255));
  const beat: Beat = {
    pair: kind === 'pair' ? 8 : 7,
    from: kind === 'mirror' ? peerOf(box.name) : box.name,
    boot: box.runner?.state().config.boot ?? 'fedcba9876543210',
    sequence: dice.whole(1, 1e6),
    term: dice.whole(0, 1e6),
    role: dice.pick(['active', 'taking', 'standby'] as const),
    publicUp: true,
    privateUp: true,
    ready: true,
    handingOver: dice.chance(0.3),
    prepared: dice.whole(0, 20),
    granted: dice.whole(0, 20),
    revision: 1,
    version: 1,
    speaks: 1,
    hearing: '',
    heard: { serial: 0, heartbeat: 0, public: 0, private: 0 },
  };
  const { mac } = kind === 'key' ? stranger : sealer;
  return sealBeat(beat, mac);
}
