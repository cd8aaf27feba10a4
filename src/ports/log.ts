import type { Severity } from '../model/alarmRank.ts';

/** One line for the journal. @param severity how soon somebody should read it; left out, it tells what happened only. */
export type Log = (line: string, severity?: Severity) => void;
