import { Gpio } from 'onoff';
import { type Board, type BoardLine, LEDS, type Led } from '../../src/model/panel.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { Panel } from '../../src/ports/panel.ts';
import { boards } from '../boards/index.ts';
import { watchEdges } from './edges.ts';
import { type Chip, chips, numberOf } from './lines.ts';

/**
 * The front panel of this box; undefined when it is no hardware model that has one.
 * @param onFailure one line for the log, when the button's line fails or cannot be followed.
 * @throws TandemError `not-found`, and whatever the sysfs throws when a line is somebody else's.
 */
export function openPanel(onFailure: (text: string) => void): Panel | undefined {
  const known = chips();
  const board = boards.find((one) => fits(one, known));
  return board === undefined ? undefined : onLines(board, known, onFailure);
}

const fits = ({ leds, button }: Board, known: readonly Chip[]): boolean =>
  [...Object.values(leds), button].every(({ chip }) => known.some(({ label }) => label === chip));

/** The panel of that board. `onFailure` is told in words of what the button's line does that no button does. */
export function onLines(board: Board, known: readonly Chip[], onFailure: (text: string) => void): Panel {
  const open = (line: BoardLine, direction: 'low' | 'high' | 'in'): Gpio =>
    new Gpio(numberOf(line, known), direction, direction === 'in' ? 'both' : 'none', { activeLow: line.activeLow });
  // The level that a direction names is the line's own, whatever it means.
  const dark = (line: BoardLine): Gpio => open(line, line.activeLow ? 'high' : 'low');
  const leds = Object.fromEntries(LEDS.map((led) => [led, dark(board.leds[led])])) as Record<Led, Gpio>;
  const button = open(board.button, 'in');
  const read = button.readSync.bind(button);
  let stop: Close = () => {};
  // onoff reads the level at each edge, and would throw out of the event loop when the chip has gone away.
  button.readSync = () => {
    try {
      return read();
    } catch (error) {
      stop();
      onFailure(`its line cannot be read: ${error instanceof Error ? error.message : error}`);
      return 0;
    }
  };
  return {
    set: (led, on) => leds[led].writeSync(on ? 1 : 0),
    isDown: () => button.readSync() === 1,
    watch(changed) {
      stop = watchEdges(button, changed, () => onFailure('its line makes too many edges to follow'));
      return stop;
    },
    release: () =>
      LEDS.map(
        (led) => `${led === 'fault' ? 1 : 0} /sys/class/gpio/gpio${numberOf(board.leds[led], known)}/value\n`,
      ).join(''),
    close() {
      stop();
      for (const gpio of [...Object.values(leds), button]) gpio.unexport();
    },
  };
}
