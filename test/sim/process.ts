/** A process: things reach it only while it can run; what comes meanwhile waits, as timers, sockets and lines do. */
export interface Process {
  readonly state: () => 'running' | 'stopped' | 'dead';
  /** A timer is due. */
  timer(run: () => void): void;
  /** Something arrives; beyond what buffers hold it is lost. */
  input(run: () => void): void;
  /** A kernel notification: never lost without the process being told, so it waits however long. */
  notice(run: () => void): void;
  stop(): void;
  /** Timers first, then what waited in the buffers, as an event loop does. */
  goOn(): void;
  kill(): void;
}

/** Things waiting in the buffers of one process: a serial line's 4096 bytes hold 54 beats, sockets more. */
const BUFFERED = 200;

export function createProcess(): Process {
  let state: 'running' | 'stopped' | 'dead' = 'running';
  let timers: (() => void)[] = [];
  let inputs: (() => void)[] = [];
  return {
    state: () => state,
    timer(run) {
      if (state === 'running') run();
      else if (state === 'stopped') timers.push(run);
    },
    input(run) {
      if (state === 'running') run();
      else if (state === 'stopped' && inputs.length < BUFFERED) inputs.push(run);
    },
    notice(run) {
      if (state === 'running') run();
      else if (state === 'stopped') inputs.push(run);
    },
    stop() {
      if (state === 'running') state = 'stopped';
    },
    goOn() {
      if (state !== 'stopped') return;
      state = 'running';
      const waiting = [...timers, ...inputs];
      timers = [];
      inputs = [];
      for (const run of waiting) {
        if ((state as string) === 'running') run();
      }
    },
    kill() {
      state = 'dead';
    },
  };
}
