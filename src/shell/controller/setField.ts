import type { ControllerRequest, SetResult } from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import { type Patch, patchWords } from '../../model/patch.ts';
import type { Accepted } from './active.ts';
import type { Controller } from './controller.ts';
import type { Settled } from './reconciler.ts';

/**
 * Sets one field of the document in force, as a new revision that is the old one with a patch in it. A server's weight goes to
 * the kernel as soon as it is judged, and is taken back there when the disk refuses the revision; everything else is written first,
 * as a document is. Answered when both boxes' disks have it, or with the reason why not.
 * @param asked when the request had been read, by the controller's clock, ms
 * Rejects with TandemError `bad-document`, `not-found`, `not-configured`, `too-large` or `io`; nothing is changed then.
 */
export async function setField(
  controller: Controller,
  { author, service, server, field, value }: Extract<ControllerRequest, { do: 'set' }>,
  asked: number,
): Promise<SetResult> {
  const { patching, ledger, replicator, drains } = controller;
  const { clock } = controller.ports;
  const patch: Patch = { service, ...(server === undefined ? {} : { server }), field, value };
  const before = controller.active();
  if (before === undefined) {
    throw new TandemError('not-configured', 'no document was applied yet', { remedy: 'apply one: tandem apply FILE' });
  }
  const judged = patching.judge(before, patch);
  const was = judged.was === undefined ? null : JSON.stringify(judged.was);
  const same = was === JSON.stringify(value) || (was === null && value === null);
  const alone = field === 'weight' && server !== undefined;
  const turned = alone && !same ? patching.turn(judged.parsed.document, judged.index) : undefined;
  let held = clock.now();
  const base = before.revision;
  let accepted: Accepted = before;
  let revision = base;
  try {
    if (!same) {
      accepted = patching.complete(judged);
      revision = patching.store(accepted, base, patch, author);
    }
  } catch (error) {
    turned?.undo();
    throw error;
  }
  let round: Settled | undefined = turned?.round;
  if (!same)
    ledger.record(
      'applied',
      `revision ${revision.number} by ${author}: ${patchWords(patch)} ${was} → ${JSON.stringify(value)}`,
      { digest: accepted.digest },
    );
  // Before anything is waited for: what comes next starts from here.
  const settled = turned === undefined ? undefined : patching.settle(accepted, revision);
  const uses = same || alone ? [] : drains.forget(before.document, accepted.document, author);
  const made = same ? undefined : { base: { number: base.number, node: base.node, digest: base.digest }, patch };
  const [spread] = await Promise.all([replicator.spread(revision, made), replicator.spreadUses(uses), settled]);
  if (!same && turned === undefined) {
    round = await controller.enact(accepted, revision);
    held = clock.now();
  }
  return {
    was,
    revision: revision.number,
    digest: accepted.digest,
    changed: !same,
    ...(round?.ok === true && round.steps.length > 0 ? { kernelMs: held - asked } : {}),
    steps: round?.steps ?? [],
    ...spread,
    refused: (round?.refused ?? []).map((refusal) => `${refusal.step}: ${refusal.text}`),
    warnings: accepted.warnings,
  };
}
