import type { ControllerPorts } from './ports.ts';

/** Characters of one entry's detail; a longer one is cut to its beginning. */
const DETAIL_MAX = 8_000;

/** What happened, for people and for later: the event table and the journal. */
export interface Ledger {
  /** Never throws: a full disk must not stop the box from routing. */
  record(kind: string, text: string, detail: unknown): void;
  /** Called after each record; must not record itself. */
  onRecord(listener: () => void): void;
}

export function createLedger({ store, clock, log }: Pick<ControllerPorts, 'store' | 'clock' | 'log'>): Ledger {
  const listeners: (() => void)[] = [];
  return {
    onRecord: (listener) => void listeners.push(listener),
    record(kind, text, detail) {
      log(`${kind}: ${text}`);
      const json = JSON.stringify(detail) ?? 'null';
      const kept = json.length <= DETAIL_MAX ? json : JSON.stringify({ cut: json.slice(0, DETAIL_MAX) });
      try {
        store.addEvent({ at: clock.wall(), kind, text, detail: kept });
      } catch (error) {
        log(`the event was not stored: ${String(error)}`);
      }
      for (const listener of listeners) listener();
    },
  };
}
