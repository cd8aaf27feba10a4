/** The front panel: its LEDs, and where a hardware model has its lines. */

export type Led = 'power' | 'role' | 'peer' | 'fault';

export const LEDS: readonly Led[] = ['power', 'role', 'peer', 'fault'];

/** One GPIO line. Global numbers change from kernel to kernel; labels and offsets do not. */
export interface BoardLine {
  /** Label of the chip, as /sys/class/gpio/gpiochipN/label has it. */
  readonly chip: string;
  /** Line within the chip, from 0. */
  readonly offset: number;
  /** Lit, or pressed, when the line is low. */
  readonly activeLow: boolean;
}

/** One hardware model's panel. */
export interface Board {
  readonly name: string;
  readonly leds: Readonly<Record<Led, BoardLine>>;
  readonly button: BoardLine;
}
