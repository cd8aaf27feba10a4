import { isPairingFrame } from '../../codec/pairingFrame.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeerLink } from '../../ports/peer.ts';

/** Frames of pairing on the beats' own line, for the process that pairs: kept only while somebody asks for them. */
export interface Relay {
  /** Whether the frame was one of pairing; beats are judged elsewhere. */
  take(frame: Uint8Array): boolean;
  /** Sends frames and hands over what came since the last call. */
  exchange(line: PeerLink, frames: readonly Uint8Array[]): Uint8Array[];
}

const MAX_KEPT = 64;
/** Whoever pairs asks several times a second, ms. */
const ASKED_WITHIN = 5_000;

export function createRelay(clock: Clock): Relay {
  let kept: Uint8Array[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    take(frame) {
      if (!isPairingFrame(frame)) return false;
      if (kept.length < MAX_KEPT && clock.now() - askedAt <= ASKED_WITHIN) kept.push(Uint8Array.from(frame));
      return true;
    },
    exchange(line, frames) {
      askedAt = clock.now();
      for (const frame of frames) if (isPairingFrame(frame)) line.send(frame);
      const came = kept;
      kept = [];
      return came;
    },
  };
}
