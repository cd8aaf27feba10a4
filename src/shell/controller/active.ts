import { compileLane, missingNic } from '../../core/document/compileLane.ts';
import { canonicalDocument, type PairDocument } from '../../model/document.ts';
import { type Fault, TandemError } from '../../model/error.ts';
import type { Lane } from '../../model/lane.ts';
import { createDocumentReader, type Parsed } from '../../model/parseDocument.ts';
import type { Revision } from '../../ports/store.ts';
import type { ControllerPorts } from './ports.ts';

/** A document that has been read and found right, as this box sees it. */
export interface Accepted {
  readonly text: string;
  readonly document: PairDocument;
  readonly digest: string;
  readonly lane: Lane;
  readonly warnings: readonly Fault[];
}

/** The document in force. */
export interface Active extends Accepted {
  readonly revision: Revision;
}

/**
 * Reads documents one after the other; what is as in the last one is not read again.
 * The returned function throws TandemError `bad-document` with every fault that was found.
 */
export function createAcceptance(ports: Pick<ControllerPorts, 'node' | 'digest'>): (text: string) => Accepted {
  const read = createDocumentReader();
  return (text) => accepted(text, read(text), ports);
}

function accepted(
  text: string,
  parsed: Parsed<PairDocument>,
  ports: Pick<ControllerPorts, 'node' | 'digest'>,
): Accepted {
  if (!parsed.ok) {
    const count = parsed.faults.length === 1 ? '1 fault' : `${parsed.faults.length} faults`;
    throw new TandemError('bad-document', `the document has ${count}; nothing was changed`, {
      remedy: 'correct each path named and apply again',
      faults: parsed.faults,
    });
  }
  const { document, warnings } = parsed;
  const digest = ports.digest(canonicalDocument(document));
  const missing = missingNic(document, ports.node);
  if (missing !== undefined && document.heartbeat.links.length === 1) {
    throw new TandemError('bad-document', 'the document leaves this box without a link; nothing was changed', {
      remedy: 'name a second link, or the NIC',
      faults: [missing],
    });
  }
  return {
    text,
    document,
    digest,
    lane: compileLane(document, ports.node, digest),
    warnings: [...warnings, ...(missing ? [missing] : [])],
  };
}
