import type { Alarm } from './pair.ts';

/** An alarm as another process, perhaps of another release, says it. */
export interface Said extends Omit<Alarm, 'code'> {
  readonly code: string;
}

/** The alarms of the controller and of the lane, each once. */
export function mergeAlarms(...lists: readonly (readonly Said[])[]): Said[] {
  const seen = new Map<string, Said>();
  for (const alarm of lists.flat()) seen.set(`${alarm.code} ${alarm.subject}`, alarm);
  return [...seen.values()];
}
