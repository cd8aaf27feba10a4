import type { LinkId } from '../../model/pair.ts';

const DEDICATED: readonly LinkId[] = ['serial', 'heartbeat'];

/**
 * The links that take the routine beats in turn: the data NICs, where a path that is there for nothing else carries them
 * all. In the order of `links`, which is the twin's too; empty when every link carries everything.
 */
export function sharing(links: readonly LinkId[]): readonly LinkId[] {
  return links.some((link) => DEDICATED.includes(link)) ? links.filter((link) => !DEDICATED.includes(link)) : [];
}
