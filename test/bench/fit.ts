/** The line through points by least squares, and how much of the spread it accounts for. */
export interface Fit {
  /** Of y for one more x. */
  readonly slope: number;
  /** y at x = 0. */
  readonly base: number;
  /** 1 = every point lies on the line. */
  readonly r2: number;
}

/** @param points x and y; at least two different x. */
export function fitOf(points: readonly (readonly [number, number])[]): Fit {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  const sum = (of: (x: number, y: number) => number): number =>
    points.reduce((total, [x, y]) => total + of(x - x0, y - y0), 0);
  const [xx, xy, yy] = [sum((x) => x * x), sum((x, y) => x * y), sum((_, y) => y * y)];
  const slope = xy / xx;
  return { slope, base: y0 - slope * x0, r2: yy === 0 ? 1 : (xy * xy) / (xx * yy) };
}
