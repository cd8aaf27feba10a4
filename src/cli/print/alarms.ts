import { alarmGroups } from '../../model/alarmGroups.ts';
import type { Said } from '../../model/mergeAlarms.ts';
import { plain } from '../io.ts';

/** Worst first: each alarm in a line, those of one code together, and what to do about them. */
export function alarmLines(alarms: readonly Said[]): string[] {
  return alarmGroups(alarms).flatMap(({ severity, shown, more, remedy }) => [
    ...shown.map(({ code, subject, text }) => {
      const where = subject === '' ? '' : ` ${plain(subject)}`;
      return `! ${severity} ${plain(code)}${where}: ${plain(text)}`;
    }),
    ...(more === 0 ? [] : [`  and ${more} more like these: \`tandem status --json\` has all`]),
    ...(remedy === undefined ? [] : [`  remedy: ${remedy}`]),
  ]);
}
