import type { Board } from '../../src/model/panel.ts';
import { rack } from './rack.ts';

/** Every hardware model with a front panel. A box is the first one whose GPIO chips it has. */
export const boards: readonly Board[] = [rack];
