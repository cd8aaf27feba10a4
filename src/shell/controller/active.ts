import { compileLane, missingNic } from '../../core/document/compileLane.ts';
import { canonicalDocument, LIMITS, type PairDocument } from '../../model/document.ts';
import { type Fault, TandemError } from '../../model/error.ts';
import type { Lane } from '../../model/lane.ts';
import { createDocumentReader, type Parsed, type PatchedDocument, patchDocument } from '../../model/parseDocument.ts';
import { growthOf, type Patch } from '../../model/patch.ts';
import type { RevisionHead } from '../../ports/store.ts';
import type { ControllerPorts } from './ports.ts';

/** A document that has been read and found right, as this box sees it. */
export interface Accepted {
  /** Characters of its text, or as many as a text with its patches has at the most. */
  readonly length: number;
  readonly document: PairDocument;
  readonly digest: string;
  readonly lane: Lane;
  readonly warnings: readonly Fault[];
}

/** The document in force. */
export interface Active extends Accepted {
  readonly revision: RevisionHead;
}

/** A document with one field set, judged and found right; not yet digested. */
export interface Patching extends PatchedDocument {
  readonly parsed: Extract<Parsed<PairDocument>, { ok: true }>;
  readonly length: number;
}

export interface Acceptance {
  /** Reads documents one after the other; what is as in the last one is not read again. @throws TandemError `bad-document` with every fault that was found */
  text(text: string): Accepted;
  /** @throws TandemError `bad-document` as `text`, `not-found`, `too-large`. */
  patch(before: Accepted, patch: Patch): Patching;
  /** @throws TandemError `bad-document` when this box lacks what the document needs. */
  complete(parsed: Patching['parsed'], length: number): Accepted;
}

/** @param step told whenever the work on a text, which lets nothing else run, has come further */
export function createAcceptance(ports: Pick<ControllerPorts, 'node' | 'digest'>, step: () => void): Acceptance {
  const read = createDocumentReader(step);
  return {
    text(text) {
      const parsed = read(text);
      step();
      mustBeRight(parsed);
      const accepted = complete(parsed, text.length, ports);
      step();
      return accepted;
    },
    patch(before, patch) {
      const length = before.length + growthOf(patch);
      if (length > LIMITS.text) {
        const remedy = 'apply the document as `tandem show` prints it, and shorten it';
        throw new TandemError('too-large', `the document has no room for another change by itself`, { remedy });
      }
      const { parsed, index, was } = patchDocument(before.document, patch);
      mustBeRight(parsed);
      return { parsed, index, was, length };
    },
    complete: (parsed, length) => complete(parsed, length, ports),
  };
}

function mustBeRight(parsed: Parsed<PairDocument>): asserts parsed is Patching['parsed'] {
  if (!parsed.ok) {
    const count = parsed.faults.length === 1 ? '1 fault' : `${parsed.faults.length} faults`;
    throw new TandemError('bad-document', `the document has ${count}; nothing was changed`, {
      remedy: 'correct each path named and apply again',
      faults: parsed.faults,
    });
  }
}

function complete(
  { document, warnings }: Patching['parsed'],
  length: number,
  ports: Pick<ControllerPorts, 'node' | 'digest'>,
): Accepted {
  const digest = ports.digest(canonicalDocument(document));
  const missing = missingNic(document, ports.node);
  if (missing !== undefined && document.heartbeat.links.length === 1) {
    throw new TandemError('bad-document', 'the document leaves this box without a link; nothing was changed', {
      remedy: 'name a second link, or the NIC',
      faults: [missing],
    });
  }
  return {
    length,
    document,
    digest,
    lane: compileLane(document, ports.node, digest),
    warnings: [...warnings, ...(missing ? [missing] : [])],
  };
}
