import type { Beat } from '../../src/codec/beat.ts';
import type { FailoverState } from '../../src/core/failover/index.ts';
import type { FailoverConfig } from '../../src/core/failover/types.ts';
import type { LinkId } from '../../src/model/pair.ts';
import type { TermStore } from '../../src/ports/store.ts';

/** One rule of the protocol taken away at the core's edge, to prove that the simulator notices. */
export interface Sabotage {
  readonly config?: Partial<FailoverConfig>;
  /** Stands between the authenticated beats and the core. */
  readonly beats?: (
    state: () => FailoverState | undefined,
    onBeat: (link: LinkId, beat: Beat) => void,
  ) => (link: LinkId, beat: Beat) => void;
  readonly terms?: (real: TermStore) => TermStore;
  /** What lies in the ARP sockets counts for nothing until somebody finds the time to deliver it. */
  readonly deaf?: boolean;
  /** The kernel's floats stay when the lane believes it has dropped them. */
  readonly keepsFloats?: boolean;
}

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  /** A silent twin is enough; nobody waits for the floats to be silent too. */
  'no-probe-proof': { config: { probesNeeded: 0, probeSilence: -1e9 } },

  /** A higher term impresses nobody. */
  'no-term-check': {
    beats: (state, onBeat) => (link, beat) => {
      const mine = state()?.own?.term;
      const outranked = mine !== undefined && beat.term >= mine && beat.role !== 'releasing';
      onBeat(link, outranked ? { ...beat, role: 'standby', term: mine } : beat);
    },
  },

  /** Silence is concluded while the answer lies in the socket. */
  'no-hearing-before-judging': { deaf: true },

  /** The owner gives its word before its kernel has let the floats go. */
  'no-drop-before-grant': { keepsFloats: true },

  /** Every authentic frame is believed, however old. */
  'no-replay-check': {
    beats: (state, onBeat) => (link, beat) => {
      const { config, sent, peer } = state() ?? {};
      const word = (sent?.at(-1)?.sequence ?? 0) % 2 ** 32;
      onBeat(link, {
        ...beat,
        boot: peer?.boot || 'ffffffffffffffff',
        sequence: (peer?.beat?.sequence ?? 0) + 1,
        hearing: config?.boot ?? '',
        heard: { serial: word, heartbeat: 0, public: word, private: word },
      });
    },
  },

  /** A term counts as written before it is. */
  'no-wait-for-disk': {
    terms: (real) => ({
      load: () => real.load(),
      save(term) {
        real.save(term).then(
          () => {},
          () => {},
        );
        // biome-ignore lint/suspicious/noThenProperty: settles at once, without microtasks.
        return { then: (done?: () => void) => done?.() } as unknown as Promise<void>;
      },
    }),
  },
};
