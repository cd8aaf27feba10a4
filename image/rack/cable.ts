import type { NodeId } from '../../src/model/pair.ts';
import type { CablePort } from './drill/rack-port.ts';
import type { World } from './net.ts';
import { program, Worker } from './worker.ts';

/** 8N1 at the rate of the example document's serial line. */
const BAUD = 115_200;

/** Between two looks whether a recording is through, ms. */
const PLAYING_MS = 100;

/** What one direction has done so far, in bytes; `firstAt` is a time and null until a byte came since the box had power. */
export type Carriage = Readonly<Record<'delivered' | 'pulled' | 'lost' | 'flipped' | 'overrun', number>> & {
  readonly firstAt: number | null;
};

/** Each direction by its sender. */
export interface CableReport extends Readonly<Record<NodeId, Carriage>> {
  readonly scheduling: string;
}

/** The null-modem cable between both boxes' ttyS1. */
export class Cable implements CablePort {
  readonly #worker: Worker;
  #state = 'plugged';

  constructor(world: World) {
    this.#worker = new Worker('the cable', world.spawnIn('rack', program('cable', { baud: BAUD })));
  }

  /** `plugged`, `pulled`, `pulled one way (a to b)`, `noisy (0.01)`. */
  get state(): string {
    return this.#state;
  }

  /** Connects one end to the Unix socket behind the box's ttyS1; a box that loses power drops off by itself. */
  async attach(node: NodeId, path: string): Promise<void> {
    await this.#worker.ask('attach', { node, path });
  }

  /** A box that cannot take bytes loses them, as a UART does. */
  async deaf(node: NodeId, deaf: boolean): Promise<void> {
    await this.#worker.ask('deaf', { node, deaf });
  }

  /** @param from only what this box sends is lost; left out, both ways. */
  async pull(from?: NodeId): Promise<void> {
    await this.#worker.ask('pull', { from });
    this.#state = from === undefined ? 'pulled' : `pulled one way (${from} to ${from === 'a' ? 'b' : 'a'})`;
  }

  /** Whole and quiet again. */
  async plug(): Promise<void> {
    await this.#worker.ask('plug');
    this.#state = 'plugged';
  }

  /**
   * @param rate share of bytes that are damaged, 0 to 1: half lose a bit to its opposite, half vanish.
   * @param seed equal seeds damage equal bytes.
   */
  async noise(rate: number, seed = 1): Promise<void> {
    await this.#worker.ask('noise', { rate, seed });
    this.#state = rate === 0 ? 'plugged' : `noisy (${rate})`;
  }

  async record(ms: number): Promise<Readonly<Record<NodeId, number>>> {
    await this.#worker.ask('record');
    await new Promise((done) => setTimeout(done, ms));
    return (await this.#worker.ask('recorded')) as Readonly<Record<NodeId, number>>;
  }

  async play(): Promise<void> {
    await this.#worker.ask('play');
    while ((await this.#worker.ask('playing')) === true) await new Promise((done) => setTimeout(done, PLAYING_MS));
  }

  async firstBytes(): Promise<Readonly<Record<NodeId, number | null>>> {
    const { a, b } = await this.report();
    return { a: a.firstAt ?? null, b: b.firstAt ?? null };
  }

  async report(): Promise<CableReport> {
    return (await this.#worker.ask('report')) as CableReport;
  }
}
