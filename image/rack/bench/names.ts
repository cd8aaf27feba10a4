/** What a person may pick of the comparison; a test holds both equal to what there is. */

export const SYSTEM_NAMES = ['tandem', 'keepalived', 'keepalived-fast'] as const;
export const FAULT_NAMES = ['quiet', 'hand-over', 'preferred-return', 'lan-down', 'pair-killed', 'power-cut'] as const;
