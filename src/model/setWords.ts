import type { SetResult } from './control.ts';
import { heldWords } from './heldWords.ts';
import { type Patch, patchWords } from './patch.ts';

/**
 * What a set field came to, the same on every surface:
 * `web/s2 weight 1 → 5, in the kernel after 0.8 ms: revision 7 is in force on a and b`.
 */
export function setWords(patch: Patch, result: SetResult): string {
  const { revision, changed, was, kernelMs } = result;
  const when = kernelMs === undefined ? '' : `, in the kernel after ${kernelMs.toFixed(kernelMs < 10 ? 1 : 0)} ms`;
  const what = `${patchWords(patch)} ${was ?? 'unset'}${changed ? ` → ${JSON.stringify(patch.value)}` : ''}${when}`;
  return `${what}: revision ${revision} ${changed ? 'is in force' : 'has it already'} ${heldWords(result)}`;
}
