/** Where sessions stand between two runs of the controller; gone with the box's power. */
export interface SessionFile {
  /** Monotonic ms since the box's boot: goes on over a restart of the process, unlike `Clock.now`. */
  uptime(): number;
  /** undefined when there is nothing. */
  load(): string | undefined;
  /** Never throws: a session that is not kept only has to log in again. */
  save(text: string): void;
}
