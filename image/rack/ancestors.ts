import { readFileSync } from 'node:fs';

/** npm, its shell and go.mjs at the most. */
const MOST = 4;
const PERIOD_MS = 500;

const parentOf = (pid: number): number | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, also spaces and parentheses (proc_pid_stat(5)).
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
};

const isNpm = (pid: number): boolean => {
  try {
    return /^npm\b|\bnpm(-cli\.js)?\b/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '));
  } catch {
    return false;
  }
};

/** The processes between us and the `npm` that a person started, nearest first; without npm only our parent. */
function chain(): number[] {
  const pids = [process.ppid];
  if (process.env.npm_lifecycle_event === undefined) return pids;
  while (pids.length < MOST && !isNpm(pids.at(-1)!)) {
    const next = parentOf(pids.at(-1)!);
    if (next === undefined || next <= 1) return pids.slice(0, 1);
    pids.push(next);
  }
  return isNpm(pids.at(-1)!) ? pids : pids.slice(0, 1);
}

/**
 * Calls `fire` once when a process between us and the person who started us is gone, also by SIGKILL. Linux tells a
 * process of its parent's death only by prctl(2), and of its grandparent's not at all: so the chain is looked at twice a
 * second.
 */
export function whenOrphaned(fire: () => void): void {
  const pids = chain();
  const timer = setInterval(() => {
    const whole =
      process.ppid === pids[0] && pids.every((pid, i) => i + 1 === pids.length || parentOf(pid) === pids[i + 1]);
    if (whole) return;
    clearInterval(timer);
    fire();
  }, PERIOD_MS);
  timer.unref();
}
