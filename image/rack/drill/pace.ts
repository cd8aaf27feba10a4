/** How often the drills' programs ask, and how the long-lived connections share their exchanges. */

/**
 * Who has the float, ms. Each question costs both emulated boxes; between two, whoever speaks as the float is heard all the same.
 */
export const BETWEEN_QUESTIONS = 20;

/** ms. Many bytes at a time: an emulated NIC pays for each wake-up more than for a packet. */
export const TICK = 25;

/**
 * Exchanging every 200 ms; more of them share this many's exchanges, 500 a second. 2000 a second filled two emulated
 * routers on a slow host with the drill's own traffic, and the drill then measured that queue.
 */
const AT_FULL_PACE = 100;
const SLOTS = 8;
/** So many openings bring all the connections, whatever their number. */
const OPENINGS = 200;

export interface Pace {
  /** Ticks between two exchanges of one connection. */
  readonly slots: number;
  /** Connections opened at a time, so that all of up to 1000 are there within some ten seconds. */
  readonly openAtOnce: number;
}

/** A machine on which the boxes have no time for all of it sends one of so many probes and exchanges. */
export const THINNED = [1, 2, 4, 8] as const;
export type Thin = (typeof THINNED)[number];

/** What a drill puts through the routers. */
export interface Load {
  /** Long-lived ones, 1 to 1000. */
  readonly connections: number;
  readonly thin: Thin;
}

/** @param count connections, 1 to 1000. */
export const paceOf = (count: number, thin: Thin): Pace => ({
  slots: SLOTS * thin * Math.ceil(count / AT_FULL_PACE),
  openAtOnce: Math.ceil(count / OPENINGS),
});
