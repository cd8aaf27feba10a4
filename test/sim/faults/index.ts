import { BOX_FAULTS } from './boxes.ts';
import type { Fault } from './fault.ts';
import { PEOPLE } from './people.ts';
import { WIRE_FAULTS } from './wires.ts';

export type { Fault } from './fault.ts';

export const FAULTS: readonly Fault[] = [...BOX_FAULTS, ...WIRE_FAULTS, ...PEOPLE];
