import type { Drill } from '../drill.ts';
import { none } from './inBox.ts';

/** What an operator asks for. */
export const ASKED: readonly Drill[] = [
  {
    name: 'hand-over',
    fault: 'an operator asks the active box to hand over',
    inject: (rack, active) => rack.box(active).handOver(),
    bar: {
      outage: 200,
      median: 50,
      moves: true,
      causes: ['hand-over'],
      released: 'hand-over',
      lost: none,
      why: 'the twin has persisted its term before the floats are dropped: two batches and one frame between them',
    },
  },
  {
    name: 'button-hand-over',
    fault: 'the button of the active box is held for 3 s',
    inject: (rack, active) => rack.box(active).press(3000),
    bar: {
      outage: 200,
      median: 50,
      moves: true,
      causes: ['hand-over'],
      released: 'button',
      lost: none,
      why: 'as hand-over, asked for at the front panel',
    },
  },
];
