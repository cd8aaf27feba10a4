/** The one button: what its edges mean. All times are monotonic ms. */

/** A contact that bounces is quiet for so long before it is believed, ms. */
export const BOUNCE = 30;

/** From which duration, ms, a press counts as one of 3 s or of 10 s: nobody counts better, and the LEDs tell. */
export const HOLD = { handOver: 2700, factoryReset: 9500, stuck: 30_000 } as const;

export interface Button {
  /** As the line was last seen, and since when. */
  readonly raw: boolean;
  readonly rawSince: number;
  /** As it is believed. */
  readonly down: boolean;
  /** When the press began; meaningless while it is up. */
  readonly downAt: number;
  /** Held for longer than anybody presses, or since before anybody looked: it does nothing until it is up again. */
  readonly stuck: boolean;
}

export type Press = 'none' | 'short' | 'hand-over' | 'factory-reset';

export const restingButton: Button = { raw: false, rawSince: 0, down: false, downAt: 0, stuck: false };

/** The line is seen high or low. */
export const edge = (button: Button, raw: boolean, now: number): Button =>
  raw === button.raw ? button : { ...button, raw, rawSince: now };

/** What the time that has passed makes of it; `press` is told once, when the button is let go. */
export function settle(button: Button, now: number): { readonly button: Button; readonly press: Press } {
  let { raw, rawSince, down, downAt, stuck } = button;
  let press: Press = 'none';
  if (raw !== down && now - rawSince >= BOUNCE) {
    down = raw;
    if (down) downAt = rawSince;
    else if (!stuck) press = meaning(rawSince - downAt);
    if (!down) stuck = false;
  }
  if (down && now - downAt >= HOLD.stuck) stuck = true;
  return { button: { raw, rawSince, down, downAt, stuck }, press };
}

function meaning(heldMs: number): Press {
  if (heldMs >= HOLD.stuck) return 'none';
  if (heldMs >= HOLD.factoryReset) return 'factory-reset';
  return heldMs >= HOLD.handOver ? 'hand-over' : 'short';
}

/** What letting go now would mean. */
export const promised = ({ down, stuck, downAt }: Button, now: number): Press =>
  down && !stuck ? meaning(now - downAt) : 'none';

/** When `settle` has something to say next. */
export function settlesAt({ raw, rawSince, down, downAt, stuck }: Button, now: number): number {
  if (raw !== down) return rawSince + BOUNCE;
  if (!down || stuck) return Number.POSITIVE_INFINITY;
  const next = [HOLD.handOver, HOLD.factoryReset, HOLD.stuck].find((ms) => downAt + ms > now);
  return next === undefined ? now : downAt + next;
}
