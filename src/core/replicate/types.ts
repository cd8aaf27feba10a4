import type { NodeId } from '../../model/pair.ts';
import type { KeptMessage, PatchBase, Refused, ServerUse, Stamp, TwinPatch, TwinRevision } from '../../model/twin.ts';

/** Said again after so long while the twin has not confirmed it, ms. */
export const RESEND_MS = 2_000;

export interface ReplicateState {
  readonly node: NodeId;
  /** The newest revision on this disk. */
  readonly own: Stamp | undefined;
  /** By server; what stands here is on this disk. */
  readonly uses: ReadonlyMap<string, ServerUse>;
  /** The highest number and counter heard of. */
  readonly seen: { readonly number: number; readonly counter: number };
  /** The channel is open. */
  readonly open: boolean;
  /** What the twin has said since the channel opened; undefined = nothing yet. */
  readonly twin: { readonly revision: Stamp | undefined; readonly refused: Refused | undefined } | undefined;
  /** Uses that the twin has not confirmed since the channel opened. */
  readonly unkept: ReadonlySet<string>;
  /** On its way to this disk. */
  readonly taking: Stamp | undefined;
  /** The twin's revision that this box could not apply. */
  readonly refused: Refused | undefined;
  /** When what is not confirmed is said again, ms. */
  readonly resendAt: number;
  /** Number of the last revision that was said to be superseded. */
  readonly told: number;
}

export type ReplicateEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'heard'; readonly message: KeptMessage }
  /** This box has made a revision; it is on the disk. `base`: it is that one with a patch in it. */
  | { readonly type: 'revised'; readonly stamp: Stamp; readonly base?: PatchBase | undefined }
  /** Uses that were said here; they are on the disk. */
  | { readonly type: 'used'; readonly uses: readonly ServerUse[] }
  /** The effect `take` ended: on the disk. */
  | { readonly type: 'taken'; readonly stamp: Stamp }
  /** It ended without; `reason` is why it cannot be applied here, undefined = the disk refused, so that it is worth another try. */
  | { readonly type: 'not-taken'; readonly stamp: Stamp; readonly reason: string | undefined }
  /** The effect `keep` ended: on the disk. */
  | { readonly type: 'kept'; readonly uses: readonly ServerUse[] }
  | { readonly type: 'tick' };

export type ReplicateEffect =
  | { readonly type: 'send'; readonly message: KeptMessage }
  /** Send the revision with its text, from the disk; where `patched`, the patch alone: the twin has what it was made on. */
  | { readonly type: 'offer'; readonly stamp: Stamp; readonly patched: boolean }
  /** Put it on the disk and in force; answer `taken` or `not-taken`. */
  | { readonly type: 'take'; readonly revision: TwinRevision | TwinPatch }
  /** Put them on the disk and in force; answer `kept`. */
  | { readonly type: 'keep'; readonly uses: readonly ServerUse[] }
  /** Keep the highest number heard of over a restart. */
  | { readonly type: 'remember'; readonly seen: ReplicateState['seen'] }
  /** Both boxes were changed while apart. */
  | { readonly type: 'superseded'; readonly loser: Stamp; readonly winner: Stamp };

export interface Stepped {
  readonly state: ReplicateState;
  readonly effects: readonly ReplicateEffect[];
}
