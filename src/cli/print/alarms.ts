import { alarmRemedy } from '../../model/alarmRemedy.ts';
import type { Said } from '../../model/mergeAlarms.ts';
import { plain } from '../io.ts';

/** Two lines each: what, then what to do about it. */
export function alarmLines(alarms: readonly Said[]): string[] {
  return alarms.flatMap(({ code, subject, text }) => {
    const remedy = alarmRemedy(code);
    const first = `! ${plain(code)}${subject === '' ? '' : ` ${plain(subject)}`}: ${plain(text)}`;
    return remedy === undefined ? [first] : [first, `  remedy: ${remedy}`];
  });
}
