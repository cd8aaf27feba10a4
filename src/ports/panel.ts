import type { Led } from '../model/panel.ts';
import type { Close } from './clock.ts';

/** The front panel of this box: its LEDs and its one button. */
export interface Panel {
  /** Lights an LED or puts it out; takes some microseconds. @throws when the line cannot be written. */
  set(led: Led, on: boolean): void;
  /** Whether the button is down now; a line that cannot be read is up. */
  isDown(): boolean;
  /**
   * Tells the level of the button's line at once, and then each change of it, bounces included, as long as it makes no more
   * of them than a bouncing contact.
   */
  watch(changed: (down: boolean) => void): Close;
  /** What the unit's clean-up writes when the lane has ended: a level and a file a line. Fault is lit, all else dark. */
  release(): string;
  /** Gives the lines back to the kernel. */
  readonly close: Close;
}
