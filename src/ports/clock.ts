/** Time and chance, so that the simulator can own both. */
export interface Clock {
  /** Monotonic milliseconds (CLOCK_MONOTONIC), fractional; never steps. */
  now(): number;
  /** Wall clock, ms since the epoch; for records people read, never for decisions. */
  wall(): number;
  /** Calls `fire` once when `now() >= at`. Late is possible, early is not. */
  at(at: number, fire: () => void): Cancel;
}

export type Cancel = () => void;

export interface Random {
  /** `size` unpredictable bytes. */
  bytes(size: number): Uint8Array;
}

/** Ends a subscription or closes a handle; a second call does nothing. */
export type Close = () => void;
