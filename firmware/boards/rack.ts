import type { Board, BoardLine } from '../../src/model/panel.ts';

const line = (offset: number): BoardLine => ({ chip: 'tandem-panel', offset, activeLow: false });

/** The boxes of the virtual rack: a simulated chip (gpio-sim). */
export const rack: Board = {
  name: 'virtual rack',
  leds: { power: line(0), role: line(1), peer: line(2), fault: line(3) },
  button: line(4),
};
