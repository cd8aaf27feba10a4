/**
 * Gratuitous ARP must not flood a network with slow machines on it, nor overflow their queues: up to `BURST` frames go out
 * at once, more than that at `RATE`, and the next announcement not before this one is out.
 */

/** Frames/s. */
export const RATE = 200;
/** Frames: both floats of a pair in both families, with room. */
export const BURST = 16;
/** For one floating address: a request and a reply, or as much for IPv6. */
export const FRAMES = 2;

/** ms after the start of an announcement at which the frames of each of `addresses` floating addresses go out, ascending. */
export function offsets(addresses: number): number[] {
  return Array.from({ length: addresses }, (_, index) => {
    const beyond = (index + 1) * FRAMES - BURST;
    return beyond <= 0 ? 0 : (beyond * 1000) / RATE;
  });
}

/** The shortest time between the starts of two announcements of `addresses` floating addresses, ms. */
export const shortestGap = (addresses: number): number =>
  addresses * FRAMES <= BURST ? 0 : (addresses * FRAMES * 1000) / RATE;
