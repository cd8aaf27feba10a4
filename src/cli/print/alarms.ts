import { alarmRemedy } from '../../model/alarmRemedy.ts';
import type { Alarm } from '../../model/pair.ts';
import { plain } from '../io.ts';

interface Said extends Omit<Alarm, 'code'> {
  readonly code: string;
}

/** The alarms of the controller and of the lane, each once. */
export function mergeAlarms(...lists: readonly (readonly Said[])[]): Said[] {
  const seen = new Map<string, Said>();
  for (const alarm of lists.flat()) seen.set(`${alarm.code} ${alarm.subject}`, alarm);
  return [...seen.values()];
}

/** Two lines each: what, then what to do about it. */
export function alarmLines(alarms: readonly Said[]): string[] {
  return alarms.flatMap(({ code, subject, text }) => {
    const remedy = alarmRemedy(code);
    const first = `! ${plain(code)}${subject === '' ? '' : ` ${plain(subject)}`}: ${plain(text)}`;
    return remedy === undefined ? [first] : [first, `  remedy: ${remedy}`];
  });
}
