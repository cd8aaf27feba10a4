import type { Severity } from '../src/model/alarmRank.ts';

/** syslog(3) */
const PRIORITY: Readonly<Record<Severity, number>> = { critical: 2, warning: 4, notice: 5 };

/**
 * What makes of a line one with the priority of that severity, as the journal reads it at the beginning of each line (sd-daemon(3)), where
 * this process writes to the journal; elsewhere lines stay as they are.
 * @param env of the process: systemd sets JOURNAL_STREAM in it (systemd.exec(5)).
 */
export function journalLines(env: NodeJS.ProcessEnv): (line: string, severity?: Severity) => string {
  if (env.JOURNAL_STREAM === undefined) return (line) => line;
  return (line, severity) => (severity === undefined ? line : line.replace(/^/gm, `<${PRIORITY[severity]}>`));
}
