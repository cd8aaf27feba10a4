import type { Led } from '../model/panel.ts';
import type { Close } from './clock.ts';

/** The front panel of this box: its LEDs and its one button. */
export interface Panel {
  /** Lights an LED or puts it out; takes some microseconds. @throws when the line cannot be written. */
  set(led: Led, on: boolean): void;
  /** Whether the button is down now. @throws when the line cannot be read. */
  isDown(): boolean;
  /** Tells each change of the button's line, bounces included. */
  watch(changed: (down: boolean) => void): Close;
}
