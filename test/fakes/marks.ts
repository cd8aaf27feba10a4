import type { MarkEntry, MarkStep, MarkTable } from '../../src/model/marks.ts';
import type { PacketMarks } from '../../src/ports/marks.ts';

/** Firewall marks in memory. */
export class FakeMarks implements PacketMarks {
  readonly log: MarkStep[] = [];
  table: MarkTable = { intact: false, present: false, entries: [] };

  read = (): MarkTable => structuredClone(this.table);

  apply(steps: readonly MarkStep[]): void {
    for (const step of steps) {
      this.log.push(step);
      const { entries } = this.table;
      if (step.op === 'make-marks') this.table = { intact: true, present: true, entries: [] };
      else if (step.op === 'drop-marks') this.table = { intact: false, present: false, entries: [] };
      else if (step.op === 'add-mark') this.table = { ...this.table, entries: [...entries, step.entry] };
      else this.table = { ...this.table, entries: entries.filter((entry) => !same(entry, step.entry)) };
    }
  }
}

const same = (one: MarkEntry, other: MarkEntry): boolean =>
  one.protocol === other.protocol &&
  one.address === other.address &&
  one.first === other.first &&
  one.last === other.last &&
  one.mark === other.mark;
