/** How the long-lived connections share their exchanges. */

/** ms. Many bytes at a time: an emulated NIC pays for each wake-up more than for a packet. */
export const TICK = 25;

/**
 * Exchanging every 50 ms; more of them share this many's exchanges, 2000 a second. Asked less often than every 60 ms, a
 * client acknowledges each answer by itself, which is a third segment an exchange.
 */
const AT_FULL_PACE = 100;

export interface Pace {
  /** Ticks between two exchanges of one connection. */
  readonly slots: number;
  /** Connections opened at a time, so that all of up to 1000 are there within some ten seconds. */
  readonly openAtOnce: number;
}

/** @param count connections, 1 to 1000. */
export const paceOf = (count: number): Pace => ({
  slots: 2 * Math.ceil(count / AT_FULL_PACE),
  openAtOnce: Math.ceil(count / (2 * AT_FULL_PACE)),
});
