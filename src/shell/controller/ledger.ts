import type { Severity } from '../../model/alarmRank.ts';
import type { ControllerPorts } from './ports.ts';

/** Characters of one entry's detail; a longer one is cut to its beginning. */
const DETAIL_MAX = 8_000;

/** What happened, for people and for later: the event table and the journal. */
export interface Ledger {
  /**
   * Never throws: a full disk must not stop the box from routing.
   * @param severity of its line in the journal, as `Log` has it
   */
  record(kind: string, text: string, detail: unknown, severity?: Severity): void;
  /** Called after each record; must not record itself. */
  onRecord(listener: () => void): void;
}

export function createLedger({ store, clock, log }: Pick<ControllerPorts, 'store' | 'clock' | 'log'>): Ledger {
  const listeners: (() => void)[] = [];
  return {
    onRecord: (listener) => void listeners.push(listener),
    record(kind, text, detail, severity) {
      log(`${kind}: ${text}`, severity);
      const json = JSON.stringify(detail) ?? 'null';
      const kept = json.length <= DETAIL_MAX ? json : JSON.stringify({ cut: json.slice(0, DETAIL_MAX) });
      try {
        store.addEvent({ at: clock.wall(), kind, text, detail: kept });
      } catch (error) {
        log(`the event was not stored: ${String(error)}`, 'warning');
      }
      for (const listener of listeners) listener();
    },
  };
}
