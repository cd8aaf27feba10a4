import type { Family, Sample } from '../../core/stats/exposition.ts';

type Labels = Sample['labels'];

/** Collects samples into families, in the order in which the families were first named. */
export class Families {
  readonly #families = new Map<string, { type: Family['type']; help: string; samples: Sample[] }>();

  #put(type: Family['type'], name: string, help: string, value: number, labels: Labels): void {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { type, help, samples: [] };
      this.#families.set(name, family);
    }
    family.samples.push({ labels, value });
  }

  /** A number of this moment; `name` goes without its prefix. */
  gauge(name: string, help: string, value: number | boolean, labels: Labels = {}): void {
    this.#put('gauge', `tandem_${name}`, help, Number(value), labels);
  }

  /** A number that only grows until what is counted starts again; `name` goes without prefix and `_total`. */
  counter(name: string, help: string, value: number, labels: Labels = {}): void {
    this.#put('counter', `tandem_${name}_total`, help, value, labels);
  }

  list(): Family[] {
    return [...this.#families].map(([name, family]) => ({ name, ...family }));
  }
}
