import { sh } from './netns.ts';

/** What `ipvsadm -Sn` says, sorted: the second opinion on the kernel's table. */
export const saved = (): string[] =>
  sh('ipvsadm -Sn')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();
