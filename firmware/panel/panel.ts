import { Gpio } from 'onoff';
import { type Board, type BoardLine, LEDS, type Led } from '../../src/model/panel.ts';
import type { Panel } from '../../src/ports/panel.ts';
import { boards } from '../boards/index.ts';
import { type Chip, chips, numberOf } from './lines.ts';

/**
 * The front panel of this box; undefined when it is no hardware model that has one.
 * @throws TandemError `not-found`, and whatever the sysfs throws when a line is somebody else's.
 */
export function openPanel(): Panel | undefined {
  const known = chips();
  const board = boards.find((one) => fits(one, known));
  return board === undefined ? undefined : onLines(board, known);
}

const fits = ({ leds, button }: Board, known: readonly Chip[]): boolean =>
  [...Object.values(leds), button].every(({ chip }) => known.some(({ label }) => label === chip));

function onLines(board: Board, known: readonly Chip[]): Panel {
  const open = (line: BoardLine, direction: 'low' | 'in'): Gpio =>
    new Gpio(numberOf(line, known), direction, direction === 'in' ? 'both' : 'none', { activeLow: line.activeLow });
  const leds = Object.fromEntries(LEDS.map((led) => [led, open(board.leds[led], 'low')])) as Record<Led, Gpio>;
  const button = open(board.button, 'in');
  return {
    set: (led, on) => leds[led].writeSync(on ? 1 : 0),
    isDown: () => button.readSync() === 1,
    watch(changed) {
      button.watch((error, value) => {
        if (!error) changed(value === 1);
      });
      return () => button.unwatchAll();
    },
  };
}
