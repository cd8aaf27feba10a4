/** A text that stands between two runs of a process, in a folder that the next boot finds empty. */
export interface RunFile {
  /** undefined when there is nothing. */
  load(): string | undefined;
  /** Never throws: only a restart would want it. */
  save(text: string): void;
}
