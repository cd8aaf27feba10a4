import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { libc } from './libc/libc.ts';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let collect: Collect | undefined;

/**
 * Gives back what garbage holds: V8 leaves much of it until it needs room, and the C library what was freed between pieces in
 * use (malloc_trim(3)). Stands still for as long as a whole collection takes, 0.2 s and more with 40,000 servers
 * (v8/src/extensions/gc-extension.cc).
 */
export function compactHeap(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  libc.mallocTrim(0);
}
