import { keepalived } from './incumbent.ts';
import { FAST_ADVERTS, fast, USUAL } from './keepalived.ts';
import { tandem } from './ours.ts';
import type { System } from './system.ts';

/**
 * @param deadline of Tandem's heartbeat, ms; undefined = the rack's own
 * @param adverts of the fast keepalived, ms
 */
export const systemsWith = (deadline?: number, adverts = FAST_ADVERTS): readonly System[] => [
  tandem(deadline),
  keepalived('keepalived', USUAL),
  keepalived('keepalived-fast', fast(adverts)),
];
