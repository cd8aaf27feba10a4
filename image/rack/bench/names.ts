/** What a person may pick of the comparison; a test holds both equal to what there is. */

/** The system that the others are compared with. */
export const OURS = 'tandem';

export const SYSTEM_NAMES = [OURS, 'keepalived', 'keepalived-fast'] as const;
export const FAULT_NAMES = ['quiet', 'hand-over', 'preferred-return', 'lan-down', 'pair-killed', 'power-cut'] as const;
