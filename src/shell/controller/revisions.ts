import { successor } from '../../core/replicate/index.ts';
import type { RevisionHead } from '../../ports/store.ts';
import { stampOf } from '../replicate/replicator.ts';
import type { Accepted } from './active.ts';
import type { Ledger } from './ledger.ts';
import type { ControllerPorts } from './ports.ts';

/** A revision made here after `latest`, by the pair's order; it is written nowhere yet. */
export function nextRevision(
  { store, node, clock }: ControllerPorts,
  { digest }: Accepted,
  author: string,
  latest: RevisionHead | undefined,
): RevisionHead {
  const base = latest === undefined ? undefined : stampOf(latest);
  const made = successor(base, store.seen().number, node.name, { digest, seed: author === 'seed' });
  return { number: made.number, node: node.name, author, at: clock.wall(), digest, lineage: made.lineage };
}

/** Writes a document as this box's next revision. @throws TandemError `io`; nothing is changed then. */
export function storeNext(
  ports: ControllerPorts,
  accepted: Accepted,
  text: string,
  author: string,
  latest: RevisionHead | undefined,
): RevisionHead {
  const revision = nextRevision(ports, accepted, author, latest);
  ports.store.addRevision({ ...revision, text });
  return revision;
}

/** The newest revision, or the seed as the first one. A stored document that no longer reads leaves the kernel alone. */
export function stored(
  ports: ControllerPorts,
  accept: (text: string) => Accepted,
  seed: string | undefined,
  ledger: Ledger,
): { accepted: Accepted; revision: RevisionHead } | undefined {
  const latest = ports.store.latest();
  const text = latest?.text ?? seed;
  if (text === undefined) return undefined;
  try {
    const accepted = accept(text);
    const revision = latest ?? storeNext(ports, accepted, text, 'seed', undefined);
    const { text: _, ...head } = { text, ...revision };
    return { accepted, revision: head };
  } catch (error) {
    const what = latest === undefined ? 'the seed document' : `revision ${latest.number}`;
    ledger.record('unreadable-document', `${what} was not taken: ${String(error)}`, error, 'warning');
    return undefined;
  }
}
