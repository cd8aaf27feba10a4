/** True time: what happens when, in ms; two things at one instant happen in the order they were planned. */
export interface Schedule {
  readonly now: () => number;
  at(time: number, run: () => void): void;
  after(delay: number, run: () => void): void;
  /** Runs everything up to `end`; `afterEach` looks at the world after every single thing, and stops it by `true`. */
  run(end: number, afterEach?: () => boolean): void;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

export function createSchedule(): Schedule {
  const heap: Entry[] = [];
  let now = 0;
  let orders = 0;

  const before = (left: Entry, right: Entry): boolean =>
    left.time < right.time || (left.time === right.time && left.order < right.order);

  const push = (entry: Entry): void => {
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  };

  const pop = (): Entry => {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  };

  const schedule: Schedule = {
    now: () => now,
    at(time, run) {
      orders += 1;
      push({ time: Math.max(time, now), order: orders, run });
    },
    after: (delay, run) => schedule.at(now + delay, run),
    run(end, afterEach) {
      while (heap.length > 0 && heap[0]!.time <= end) {
        const entry = pop();
        now = entry.time;
        entry.run();
        if (afterEach?.() === true) return;
      }
      now = end;
    },
  };
  return schedule;
}
