import type { RunFile } from './runFile.ts';

/** Where sessions stand between two runs of the controller; gone with the box's power. One that is not kept only has to log in again. */
export interface SessionFile extends RunFile {
  /** Monotonic ms since the box's boot: goes on over a restart of the process, unlike `Clock.now`. */
  uptime(): number;
}
