import type { Alarm } from '../../model/pair.ts';

/** What is wrong right now, one entry for each code and subject. */
export interface Alarms {
  set(alarm: Alarm, raised: boolean): void;
  /** Clears every alarm of `code` whose subject is not in `keep`. */
  keepOnly(code: Alarm['code'], keep: ReadonlySet<string>): void;
  list(): readonly Alarm[];
}

/** @param onTurn called when an alarm appears or goes, not when its text changes. */
export function createAlarms(onTurn: (alarm: Alarm, raised: boolean) => void): Alarms {
  const raised = new Map<string, Alarm>();
  const key = (alarm: Pick<Alarm, 'code' | 'subject'>): string => `${alarm.code} ${alarm.subject}`;

  function set(alarm: Alarm, on: boolean): void {
    const before = raised.get(key(alarm));
    if (on) raised.set(key(alarm), alarm);
    else raised.delete(key(alarm));
    if ((before !== undefined) !== on) onTurn(before ?? alarm, on);
  }

  return {
    set,
    keepOnly(code, keep) {
      for (const alarm of [...raised.values()]) {
        if (alarm.code === code && !keep.has(alarm.subject)) set(alarm, false);
      }
    },
    list: () => [...raised.values()],
  };
}
