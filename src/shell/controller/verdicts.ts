import { checkOf } from '../../core/health/index.ts';
import type { PairDocument } from '../../model/document.ts';
import type { Clock, Close } from '../../ports/clock.ts';
import type { VerdictChange } from './checks.ts';
import { createGathering } from './gathering.ts';
import type { Ledger } from './ledger.ts';

/** How long turned verdicts are gathered for the ledger: the kernel hears of them at once, people a little later. */
const GATHER_MS = 250;
/** Turns that are recorded one by one; more at once are one event: a failed switch must not cost thousands of disk writes. */
const ONE_BY_ONE = 8;

export interface VerdictBook {
  add(change: VerdictChange): void;
  /** Writes what is still gathered. */
  readonly close: Close;
}

/** Writes verdicts into the ledger, each under the names of the servers that share its check. */
export function createVerdictBook(clock: Clock, ledger: Ledger, current: () => PairDocument | undefined): VerdictBook {
  const turned: VerdictChange[] = [];

  const gathering = createGathering(clock, GATHER_MS, write);

  function write(): void {
    const document = current();
    if (document !== undefined) record(document, turned.splice(0), ledger);
  }

  return {
    add(change) {
      turned.push(change);
      gathering.news();
    },
    close() {
      gathering.close();
      write();
    },
  };
}

function record(document: PairDocument, changes: readonly VerdictChange[], ledger: Ledger): void {
  const names = serversByCheck(document, new Set(changes.map((change) => change.id)));
  const subject = (change: VerdictChange): string => names.get(change.id)?.join(', ') ?? change.id;
  for (const verdict of ['down', 'up'] as const) {
    const turned = changes.filter((change) => change.verdict === verdict);
    if (turned.length <= ONE_BY_ONE) {
      for (const change of turned) {
        ledger.record(`server-${verdict}`, `${subject(change)} is ${verdict}: ${change.reason}`, change, 'notice');
      }
    } else {
      const first = turned[0]!;
      const text = `${turned.length} checks are ${verdict}, first ${subject(first)}: ${first.reason}`;
      ledger.record(`server-${verdict}`, text, turned.map(subject), 'notice');
    }
  }
}

function serversByCheck(document: PairDocument, ids: ReadonlySet<string>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const service of document.services) {
    for (const server of service.servers) {
      const id = checkOf(service, server)?.id;
      if (id === undefined || !ids.has(id)) continue;
      const list = names.get(id) ?? [];
      list.push(`${service.name}/${server.name}`);
      names.set(id, list);
    }
  }
  return names;
}
