import type { Counters } from '../../model/ipvs.ts';
import { WIDTH } from './layout.ts';
import type { StatsState } from './types.ts';

const NONE: Counters = { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 };

/** Per second, over the last `SPAN_MS` or as long as there was something to look at; 0 before the second look. */
export function ratesOf(state: StatsState, row: number): Counters {
  const [first, last] = [state.marks[0], state.marks.at(-1)];
  const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1_000;
  if (seconds <= 0) return NONE;
  const rate = (field: number): number => {
    const at = row * WIDTH + field;
    return (last!.sums[at]! - first!.sums[at]!) / seconds;
  };
  return { connections: rate(0), packetsIn: rate(1), packetsOut: rate(2), bytesIn: rate(3), bytesOut: rate(4) };
}

/** As the kernel has counted them; of the total, and of what is not in the kernel, 0. */
export function countersOf({ reading }: StatsState, row: number): Counters {
  if (reading === undefined) return NONE;
  const [connections = 0, packetsIn = 0, packetsOut = 0, bytesIn = 0, bytesOut = 0] = reading.counters.subarray(
    row * WIDTH,
    (row + 1) * WIDTH,
  );
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}
