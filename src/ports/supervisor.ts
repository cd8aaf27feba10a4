/** Who started this process and restarts it when it hangs (systemd, sd_notify(3)). All calls do nothing without one. */
export interface Supervisor {
  /** ms without `alive` after which this process is killed; undefined = nobody watches. */
  readonly watchdogMs: number | undefined;
  /** The service does its work. Once. */
  ready(): void;
  /** The loop that does the work went round. */
  alive(): void;
  /** From now on `ms` without `alive` end this process; whole µs, more than 0. */
  watch(ms: number): void;
  /** One line for `systemctl status`. */
  status(text: string): void;
  /** The service is about to end. */
  stopping(): void;
}
