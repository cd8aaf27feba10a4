/**
 * A lane without floats that stands still harms nobody, and starting anew takes more of a slow processor than going on: a
 * box that could not keep up would be ended again and again. ms
 */
const WITHOUT_FLOATS = 3000;

/** Below the lifetime of a held float, ms: a hung owner is ended by its supervisor, not left to lose the floats one by one. */
const MOST = 1600;

/**
 * How long a lane may stand still before its supervisor ends it, ms. An owner is not given less than two of the document's
 * deadlines: who asks for a patient heartbeat has boxes that stand still now and then, and the twin waits as well.
 * @param unit what the unit file asks for, ms.
 * @param holding whether a float is up, or about to be.
 * @param deadline of the heartbeat, ms.
 */
export function watchdogOf(unit: number, holding: boolean, deadline: number): number {
  return Math.max(unit, holding ? Math.min(2 * deadline, MOST) : WITHOUT_FLOATS);
}
