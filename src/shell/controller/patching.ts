import { desiredService } from '../../core/reconcile/index.ts';
import type { PairDocument, RealServer } from '../../model/document.ts';
import type { Patch } from '../../model/patch.ts';
import type { RevisionHead } from '../../ports/store.ts';
import type { Acceptance, Accepted, Patching } from './active.ts';
import type { Checks } from './checks.ts';
import type { Drains } from './drains.ts';
import type { ControllerPorts } from './ports.ts';
import type { Reconciler, Settled } from './reconciler.ts';
import { isServerUp } from './serverAlarms.ts';
import type { Uses } from './uses.ts';

/** What setting one field needs (setField.ts). */
export interface PatchingParts {
  /** @throws TandemError, see `Acceptance`. */
  judge(before: Accepted, patch: Patch): Patching;
  complete(patching: Patching): Accepted;
  /** Carries a service's changed weights to the kernel, before anything is written; undefined when it takes more than that. */
  turn(document: PairDocument, index: number): { readonly round: Settled | undefined; undo(): void } | undefined;
  /** As `Controller.store`, for a revision that is the one in force with a patch in it. */
  store(accepted: Accepted, base: RevisionHead, patch: Patch, author: string): RevisionHead;
  /** As `Controller.enact`, after `turn`. Rejects with TandemError `io`. */
  settle(accepted: Accepted, revision: RevisionHead): Promise<void>;
}

interface Parts {
  readonly ports: Pick<ControllerPorts, 'store'>;
  readonly acceptance: Acceptance;
  readonly reconciler: Reconciler;
  readonly checks: Checks;
  readonly drains: Drains;
  readonly uses: Uses;
  /** This box's next revision, not written yet. */
  next(accepted: Accepted, author: string): RevisionHead;
}

/** @param settle makes a document the one in force whose kernel is seen to already */
export function createPatching(
  { ports, acceptance, reconciler, checks, drains, uses, next }: Parts,
  settle: PatchingParts['settle'],
): PatchingParts {
  return {
    judge: acceptance.patch,
    complete: ({ parsed, length }) => acceptance.complete(parsed, length),
    turn(document, index) {
      const before = reconciler.state().desired;
      const service = document.services[index];
      // With a sorry server a weight may make or lose the quorum.
      if (before === undefined || service === undefined || service.sorry_server !== undefined) return undefined;
      const up = (server: RealServer): boolean => isServerUp(checks, service, server);
      const desired = desiredService(service, up, (server) => drains.has(service, server), uses);
      const round = reconciler.want({ ...before, services: before.services.with(index, desired) }, 'set');
      return { round, undo: () => void reconciler.want(before, 'set') };
    },
    store(accepted, base, patch, author) {
      const revision = next(accepted, author);
      ports.store.addPatched(revision, base, patch);
      return revision;
    },
    settle,
  };
}
