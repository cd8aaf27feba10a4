import type { Beat } from '../../codec/beat.ts';
import { openBeat, sealBeat } from '../../codec/beatFrame.ts';
import type { LinkId } from '../../model/pair.ts';
import type { LaneStatus } from '../../model/status.ts';
import type { Clock, Close } from '../../ports/clock.ts';
import type { PeerLink, Sealer } from '../../ports/peer.ts';

interface Traffic {
  readonly link: PeerLink;
  sent: number;
  received: number;
  heardAt: number | undefined;
  readonly refused: Record<string, number>;
}

/** Seals beats onto every link and opens what arrives; what is not authentic is counted and goes no further. */
export interface Beats {
  send(beat: Beat): void;
  status(silentAfter: number): LaneStatus['links'];
  readonly close: Close;
}

export function createBeats(
  clock: Clock,
  sealer: Sealer,
  links: readonly PeerLink[],
  onBeat: (link: LinkId, beat: Beat) => void,
): Beats {
  const mac = (bytes: Uint8Array): Uint8Array => sealer.mac(bytes);
  const paths: Traffic[] = links.map((link) => ({ link, sent: 0, received: 0, heardAt: undefined, refused: {} }));

  for (const path of paths) {
    path.link.onFrame((frame) => {
      const opened = openBeat(frame, mac);
      if (!opened.ok) {
        path.refused[opened.reason] = (path.refused[opened.reason] ?? 0) + 1;
        return;
      }
      path.received += 1;
      path.heardAt = clock.now();
      onBeat(path.link.id, opened.beat);
    });
  }

  return {
    send(beat) {
      const frame = sealBeat(beat, mac);
      for (const path of paths) {
        path.link.send(frame);
        path.sent += 1;
      }
    },
    status(silentAfter) {
      const now = clock.now();
      return paths.map((path) => {
        const age = path.heardAt === undefined ? null : Math.round(now - path.heardAt);
        return {
          link: path.link.id,
          heard: age !== null && age <= silentAfter,
          ageMs: age,
          sent: path.sent,
          received: path.received,
          refused: { ...path.link.drops(), ...path.refused },
        };
      });
    },
    close() {
      for (const path of paths) path.link.close();
    },
  };
}
