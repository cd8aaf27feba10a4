import type { Beat } from '../../codec/beat.ts';
import { type Opened, openBeat, type Refusal, sealBeat } from '../../codec/beatFrame.ts';
import type { FailoverState } from '../../core/failover/index.ts';
import type { Lane } from '../../model/lane.ts';
import type { LinkId } from '../../model/pair.ts';
import type { LaneStatus } from '../../model/status.ts';
import type { Clock, Close } from '../../ports/clock.ts';
import type { PeerLink, Sealer } from '../../ports/peer.ts';
import { createLinkWatch } from './linkWatch.ts';
import { createLooks } from './looks.ts';
import { createRelay } from './relay.ts';
import { sharing } from './sharing.ts';

interface Traffic {
  readonly link: PeerLink;
  sent: number;
  /** Frames that came and were meant to be beats. */
  frames: number;
  readonly refused: Partial<Record<Refusal, number>>;
}

/**
 * Seals beats onto the links and opens what arrives; what is not authentic is counted and goes no further.
 *
 * The serial line and the heartbeat NIC carry every beat. Beside them the data NICs take the routine ones in turn, which
 * spares the half of their cost; a beat with news goes out on all of them at once. Without one of those two every link
 * carries everything.
 */
export interface Beats {
  send(beat: Beat): void;
  /**
   * What came on each link and what became of it; `state` has what the core made of the authentic ones. Every frame is
   * accounted for: `frames` = `received` + all of `refused`.
   */
  status(state: Pick<FailoverState, 'config' | 'counts' | 'peer'>): LaneStatus['links'];
  /** Hears what lies on links that wake nobody. */
  look(): void;
  /** Sends frames of pairing on the serial line, returns what came since the last call; undefined without that line. */
  pairing(frames: readonly Uint8Array[]): Uint8Array[] | undefined;
  readonly close: Close;
}

/** Frames that were judged last; as many as a link that is looked at may lie behind the others, and one. */
const KNOWN = 4;

/** @param timing of the heartbeat, ms: a link counts as silent after `deadlineMs`. */
export function createBeats(
  clock: Clock,
  sealer: Sealer,
  links: readonly PeerLink[],
  onBeat: (link: LinkId, beat: Beat) => void,
  timing: Pick<Lane, 'intervalMs' | 'deadlineMs'>,
): Beats {
  const mac = (bytes: Uint8Array): Uint8Array => sealer.mac(bytes);
  const only = [mac];
  const paths: Traffic[] = links.map((link) => ({ link, sent: 0, frames: 0, refused: {} }));

  const ids = paths.map(({ link }) => link.id);
  const shared = sharing(ids);
  const watch = createLinkWatch(ids, shared, timing.deadlineMs, clock.now());
  const relay = createRelay(clock);
  let before: Beat | undefined;
  // The same frame comes over several links: what was judged a moment ago need not be sealed again to compare.
  const known: { readonly frame: Uint8Array; readonly opened: Opened }[] = [];

  const open = (frame: Uint8Array): Opened => {
    for (const { frame: other, opened } of known) if (sameBytes(other, frame)) return opened;
    const opened = openBeat(frame, { keys: sealer.accepted?.() ?? only, pair: before?.pair });
    if (!opened.ok) return opened;
    known.unshift({ frame: new Uint8Array(frame), opened });
    if (known.length > KNOWN) known.pop();
    return opened;
  };

  const looks = createLooks(clock, links, timing.intervalMs);

  for (const path of paths) {
    path.link.onFrame((frame) => {
      if (path.link.id === 'serial' && relay.take(frame)) return;
      path.frames += 1;
      const opened = open(frame);
      if (!opened.ok) {
        path.refused[opened.reason] = (path.refused[opened.reason] ?? 0) + 1;
        return;
      }
      // A shorted cable brings our own back.
      if (opened.beat.from !== before?.from) {
        watch.heard(path.link.id, opened.beat, clock.now());
        looks.heard(path.link);
      }
      sealer.authenticated?.(opened.key, opened.beat);
      onBeat(path.link.id, opened.beat);
    });
  }

  return {
    send(beat) {
      const frame = sealBeat(beat, mac);
      const turn = before === undefined || differs(before, beat) ? undefined : shared[beat.sequence % shared.length];
      before = beat;
      const now = clock.now();
      for (const path of paths) {
        if (turn !== undefined && path.link.id !== turn && shared.includes(path.link.id)) continue;
        path.link.send(frame);
        path.sent += 1;
        watch.sent(path.link.id, beat.sequence, now);
      }
      looks.look();
    },
    look: looks.look,
    status({ config, counts, peer }) {
      const now = clock.now();
      return paths.map((path) => {
        const { at } = peer.links[path.link.id];
        const age = Number.isFinite(at) ? Math.round(now - at) : null;
        const { accepted, ...judged } = counts[path.link.id];
        return {
          link: path.link.id,
          heard: age !== null && age <= config.deadline,
          ageMs: age,
          sent: path.sent,
          frames: path.frames,
          received: accepted,
          refused: { ...path.refused, ...judged, foreign: judged.foreign + (path.refused.foreign ?? 0) },
          dropped: path.link.drops(),
          ...watch.figures(path.link.id, now),
        };
      });
    },
    pairing(frames) {
      const serial = paths.find(({ link }) => link.id === 'serial');
      return serial && relay.exchange(serial.link, frames);
    },
    close() {
      looks.close();
      for (const path of paths) path.link.close();
    },
  };
}

/** Everything in a beat but its number and what it echoes. */
function differs(before: Beat, beat: Beat): boolean {
  return (
    beat.role !== before.role ||
    beat.term !== before.term ||
    beat.ready !== before.ready ||
    beat.publicUp !== before.publicUp ||
    beat.privateUp !== before.privateUp ||
    beat.handingOver ||
    beat.prepared !== before.prepared ||
    beat.granted !== before.granted ||
    beat.hearing !== before.hearing ||
    beat.revision !== before.revision
  );
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  // From the end: the beats of one process differ by their codes before they differ by anything else.
  for (let at = one.length - 1; at >= 0; at -= 1) if (one[at] !== other[at]) return false;
  return true;
}
