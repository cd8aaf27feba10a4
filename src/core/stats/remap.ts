import type { Layout } from './layout.ts';

/** For each row of `to`, the row of `from` that counts the same; -1 = none. */
export function rowMap(from: Layout, to: Layout): Int32Array {
  const known = new Map(from.rows.map(({ identity }, row) => [identity, row]));
  return Int32Array.from(to.rows, ({ identity }) => known.get(identity) ?? -1);
}

/** The same values in the new rows' order, 0 for new ones; `width` values a row. */
export function remapped<A extends Float64Array | Uint8Array>(map: Int32Array, values: A, width: number): A {
  const moved = new (values.constructor as new (length: number) => A)(map.length * width);
  for (const [row, old] of map.entries()) {
    if (old >= 0) moved.set(values.subarray(old * width, (old + 1) * width), row * width);
  }
  return moved;
}
