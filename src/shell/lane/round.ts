/** To a hundredth of a ms: the rest is noise, and bytes. */
export const round = (ms: number): number => Math.round(ms * 100) / 100;
