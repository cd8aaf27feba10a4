import { type Severity, severityOf } from '../../model/alarmRank.ts';
import type { Alarm } from '../../model/pair.ts';
import type { Clock, Close } from '../../ports/clock.ts';
import type { Ledger } from './ledger.ts';

/** What is raised, or cleared, of one code within so long is one storm, ms. */
const STORM_MS = 1_000;
/** Of a storm so many are recorded one by one, as they come; the others are one event: each costs a write to the disk. */
const ONE_BY_ONE = 8;

export interface AlarmBook {
  add(alarm: Alarm, raised: boolean): void;
  /** Writes what is still gathered. */
  readonly close: Close;
}

interface Storm {
  seen: number;
  readonly others: Alarm[];
  /** Ends it and writes its others. */
  readonly end: () => void;
}

const wordsOf = ({ code, subject, text }: Alarm): string => `${code}${subject === '' ? '' : ` ${subject}`}: ${text}`;

/** That it is over may wait. */
const weight = (kind: string, code: string): Severity => (kind === 'alarm' ? severityOf(code) : 'notice');

/** Writes alarms into the ledger as they come and go. */
export function createAlarmBook(clock: Clock, ledger: Pick<Ledger, 'record'>): AlarmBook {
  const storms = new Map<string, Storm>();

  function begin(kind: string, code: string): Storm {
    const name = `${kind} ${code}`;
    const end = (): void => {
      timer();
      storms.delete(name);
      const [first] = others;
      if (first === undefined) return;
      const subjects = others.map(({ subject }) => subject);
      const severity = weight(kind, code);
      if (others.length === 1) ledger.record(kind, wordsOf(first), first, severity);
      else {
        const text = `${code}: ${others.length} more, the first is ${first.subject}: ${first.text}`;
        ledger.record(kind, text, subjects, severity);
      }
    };
    const others: Alarm[] = [];
    const timer = clock.at(clock.now() + STORM_MS, end);
    const storm: Storm = { seen: 0, others, end };
    storms.set(name, storm);
    return storm;
  }

  return {
    add(alarm, raised) {
      const kind = raised ? 'alarm' : 'alarm-cleared';
      const storm = storms.get(`${kind} ${alarm.code}`) ?? begin(kind, alarm.code);
      storm.seen += 1;
      if (storm.seen <= ONE_BY_ONE) ledger.record(kind, wordsOf(alarm), alarm, weight(kind, alarm.code));
      else storm.others.push(alarm);
    },
    close() {
      for (const { end } of [...storms.values()]) end();
    },
  };
}
