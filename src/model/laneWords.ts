import type { Hold } from './pair.ts';
import type { LaneStatus } from './status.ts';

/** What CLI and web console say alike of a lane's status. */

/** `HELD by root (new cable)` */
export const holdWords = ({ by, reason }: Hold): string => `HELD by ${by}${reason === '' ? '' : ` (${reason})`}`;

/** When the floats go back to the router that the document prefers: `to a in 12 s`, or what that waits for. */
export const returnWords = ({ to, waitsFor, inMs }: NonNullable<LaneStatus['returns']>): string =>
  inMs === null ? `to ${to} not yet: ${waitsFor}` : `to ${to} in ${Math.ceil(inMs / 1000)} s`;
