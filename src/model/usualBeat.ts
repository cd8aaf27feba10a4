/**
 * The heartbeat of a document that names none, ms. 12 is near the shortest that a line of 115,200 bit/s carries (11, see
 * serialLine.ts). The deadline is four beats and what is left of the second proof, which takes 30 ms from the first missed one.
 */
export const USUAL_BEAT = { intervalMs: 12, deadlineMs: 50 } as const;
