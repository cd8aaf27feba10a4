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
  /** Two processes may write the term at once, each over what the other wrote. */
  readonly unguarded?: boolean;
  /** The kernel's floats stay when the lane believes it has dropped them. */
  readonly keepsFloats?: boolean;
  /** The kernel's floats have no lifetime. */
  readonly immortal?: boolean;
  /** The floats are changed one after the other instead of in one batch. */
  readonly oneByOne?: boolean;
  /** The lane's clock is the wall clock, which people set. */
  readonly wallClock?: boolean;
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

  /** Within a boot every frame counts as newer than the last. */
  'no-replay-counter': {
    beats: (state, onBeat) => (link, beat) => {
      const peer = state()?.peer;
      const known = peer?.boot === beat.boot;
      onBeat(link, known ? { ...beat, sequence: (peer?.beat?.sequence ?? 0) + 1 } : beat);
    },
  },

  /** Whatever a beat says counts as said just now, and to this process. */
  'no-echo-check': {
    beats: (state, onBeat) => (link, beat) => {
      const { config, sent } = state() ?? {};
      const word = (sent?.at(-1)?.sequence ?? 0) % 2 ** 32;
      onBeat(link, {
        ...beat,
        hearing: config?.boot ?? '',
        heard: { serial: word, heartbeat: 0, public: word, private: word },
      });
    },
  },

  /** An owner that stands still answers for ever. */
  'no-lifetime': { immortal: true },

  /** The public float comes and goes a moment after the private one. */
  'no-batch': { oneByOne: true },

  /** Silence is measured by the clock that people set. */
  'no-monotonic-clock': { wallClock: true },

  /** A restarted lane begins at the first term again. */
  'no-term-on-disk': { terms: (real) => ({ ...real, load: () => ({ term: 0, damaged: false }) }) },

  /** What a dying lane was writing lands after the next lane's. */
  'no-lock-on-disk': { unguarded: true },

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
