/** Why one of the box's own processes ended by itself, as its supervisor says (systemd.exec(5), SERVICE_RESULT and what belongs to it). */
export interface Ending {
  readonly process: 'pair lane' | 'controller';
  /** Wall clock, ms. */
  readonly at: number;
  /** The service's result: `signal`, `core-dump`, `exit-code`, `watchdog`, `oom-kill`, `timeout` and others. */
  readonly result: string;
  /** The signal's name without SIG, or the exit code. */
  readonly status: string;
  /** What the process said last, when it could still say something. */
  readonly words?: string;
}

/** Characters of a process's last words. */
export const MAX_WORDS = 300;

const UNITS: Readonly<Record<string, Ending['process']>> = { pair: 'pair lane', controller: 'controller' };

const LINE = /^(\d{1,12}) (pair|controller) ([a-z-]{1,32}) [a-z]{1,16} ([A-Z0-9+]{1,16})$/;

/**
 * The lines that the units' ExecStopPost has written: `1796067395 pair watchdog killed KILL`, the time in s. A line that is none of
 * these is left out: a file that was cut short must not hide the rest.
 */
export function parseEndings(text: string): Ending[] {
  return text.split('\n').flatMap((line) => {
    const [, seconds, unit, result, status] = LINE.exec(line) ?? [];
    const process = UNITS[unit ?? ''];
    if (process === undefined || result === undefined || status === undefined) return [];
    return [{ process, at: Number(seconds) * 1000, result, status }];
  });
}

/** `killed by SIGSEGV` */
function cause({ result, status }: Ending): string {
  switch (result) {
    case 'signal':
    case 'core-dump':
      return `killed by SIG${status}`;
    case 'exit-code':
      return `exit code ${status}`;
    case 'watchdog':
      return 'its watchdog did not hear of it in time';
    case 'oom-kill':
      return 'killed for its memory';
    case 'timeout':
      return 'it did not start or stop in time';
    default:
      return result;
  }
}

/** `19:36:35Z` @param at wall clock, ms */
function timeOfDay(at: number): string {
  const seconds = Math.floor(at / 1000);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}Z`;
}

/** What is said of endings of one process: the latest, and how many there were. @param endings at least one, the latest last */
export function endingText(endings: readonly Ending[]): string {
  const last = endings.at(-1)!;
  const times = endings.length === 1 ? '' : ` ${endings.length} times, the last time`;
  const words = last.words === undefined ? '' : `: ${last.words}`;
  return `the ${last.process} ended by itself${times} at ${timeOfDay(last.at)}: ${cause(last)}${words}`;
}
