import { peerOf } from '../../model/pair.ts';
import { revisionName, type Stamp } from '../../model/twin.ts';
import { newer, same } from './order.ts';
import type { ReplicateState } from './types.ts';

/**
 * How a revision of this box stands with the twin. `waiting`: the twin has not said yet. `superseded`: the twin has a newer
 * one, which will be in force here. `away`: the channel is closed.
 */
export type Reach =
  | { readonly at: 'held' | 'waiting' | 'away' }
  | { readonly at: 'refused'; readonly reason: string }
  | { readonly at: 'superseded'; readonly by: Stamp };

export function reachOf({ open, twin, own }: ReplicateState, stamp: Stamp): Reach {
  if (newer(own, stamp) && own !== undefined) return { at: 'superseded', by: own };
  if (!open) return { at: 'away' };
  if (twin === undefined) return { at: 'waiting' };
  if (same(twin.revision, stamp)) return { at: 'held' };
  if (twin.revision !== undefined && newer(twin.revision, stamp)) return { at: 'superseded', by: twin.revision };
  const { refused } = twin;
  if (refused?.number === stamp.number && refused.digest === stamp.digest) {
    return { at: 'refused', reason: refused.reason };
  }
  return { at: 'waiting' };
}

/** Why both boxes do not hold the same, as the alarm `revision-differs` says it; undefined while no box has refused. */
export function refusalText({ node, twin, own, refused }: ReplicateState): string | undefined {
  const peer = peerOf(node);
  if (refused !== undefined) {
    return `${node} cannot apply revision ${refused.number} of its twin: ${refused.reason}`;
  }
  if (own !== undefined && twin?.refused !== undefined && twin.refused.number === own.number) {
    return `${peer} cannot apply ${revisionName(own)}: ${twin.refused.reason}`;
  }
  return undefined;
}
