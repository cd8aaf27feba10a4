import { RETRY_MAX_MS, SWEEP_MS } from '../../core/reconcile/index.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Supervisor } from '../../ports/supervisor.ts';

/** Characters of a document that add the watchdog's whole time to it once more: on a slow box under load one step is long, too. */
const SLOWER_EVERY = 200_000;
const SLOWEST = 10;

/** Rounds that may fail before systemd is told that the service is up all the same: a person has to be able to reach it. */
const PATIENCE = 5;

export interface Pulse {
  /** The reconcile loop went round. */
  round(verified: boolean, failures: number): void;
  /** Work on a document of so many characters begins: the watchdog waits for as long as a step of that may take. */
  expect(characters: number): void;
  /** Work that lets nothing else run has come a step further: who gets on is no hung process, however slow its box is. */
  step(): void;
  /** There is nothing to reconcile: the loop is idle by right. */
  idle(): void;
  readonly close: Close;
}

/** READY once the kernel is verified, and watchdog pings as long as the reconcile loop goes round. */
export function createPulse(supervisor: Supervisor, clock: Clock): Pulse {
  const { watchdogMs } = supervisor;
  let ready = false;
  let idle = false;
  let lastRound = clock.now();
  let lastAlive = Number.NEGATIVE_INFINITY;
  /** How many times its own time the watchdog waits. */
  let waits = 1;
  let said = '';
  let timer: Cancel | undefined;

  function say(text: string): void {
    if (text !== said) supervisor.status(text);
    said = text;
  }

  function becomeReady(): void {
    if (!ready) supervisor.ready();
    ready = true;
  }

  function live(): void {
    lastAlive = clock.now();
    supervisor.alive();
  }

  function beat(): void {
    if (idle || clock.now() - lastRound < RETRY_MAX_MS + 2 * SWEEP_MS) live();
    if (watchdogMs !== undefined) timer = clock.at(clock.now() + watchdogMs / 3, beat);
  }
  beat();

  return {
    round(verified, failures) {
      idle = false;
      lastRound = clock.now();
      say(verified ? 'the kernel holds the document' : `the kernel does not hold the document (try ${failures})`);
      if (verified || failures >= PATIENCE) becomeReady();
    },
    expect(characters) {
      const times = Math.min(SLOWEST, 1 + Math.floor(characters / SLOWER_EVERY));
      if (watchdogMs === undefined || times === waits) return;
      waits = times;
      supervisor.watch(watchdogMs * times);
    },
    step() {
      if (watchdogMs !== undefined && clock.now() - lastAlive > watchdogMs / 3) live();
    },
    idle() {
      idle = true;
      say('no document yet: apply one with `tandem apply FILE`');
      becomeReady();
    },
    close() {
      timer?.();
      supervisor.stopping();
    },
  };
}
