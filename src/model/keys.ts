/** The keys of the pair: one signs the beats, another may be accepted beside it while keys are exchanged. */

export interface PairKey {
  /** 16 hex digits, a digest of the key: may be shown and logged. */
  readonly id: string;
  /** 64 hex digits; never shown, never logged. */
  readonly secret: string;
}

/** What the key file holds. All of them are accepted; never both `next` and `former`. */
export interface Keyring {
  readonly sign: PairKey;
  /** Made here: will sign once the twin has shown that it has it. */
  readonly next: PairKey | undefined;
  /** Signed before: accepted until the twin has shown that it signs with `sign`. */
  readonly former: PairKey | undefined;
}

/** The signing one first. */
export const acceptedKeys = ({ sign, next, former }: Keyring): readonly PairKey[] =>
  [sign, next, former].filter((key) => key !== undefined);

/** No exchange of keys is under way. */
export const isSettled = (ring: Keyring): boolean => ring.next === undefined && ring.former === undefined;

/** What `tandem key` shows. */
export interface KeysResult {
  readonly keys: readonly {
    readonly id: string;
    readonly use: 'signs' | 'next' | 'former';
    /** Since the twin's last beat that was authentic under it, ms; null = none since the lane started or reloaded. */
    readonly ageMs: number | null;
  }[];
  /** No exchange of keys is under way. */
  readonly settled: boolean;
  /** The steps of exchanges so far, oldest first, at most 16. */
  readonly steps: readonly string[];
}
