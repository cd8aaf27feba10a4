import { PORTS, type ServerNumber, serverAddress } from './figure.ts';
import type { World } from './net.ts';
import { program, Worker } from './worker.ts';

/** One real server: its own process in its own namespace. */
export class RealServer {
  readonly number: ServerNumber;
  readonly #world: World;
  #worker: Worker | undefined;
  #slow = 0;

  constructor(world: World, number: ServerNumber) {
    this.#world = world;
    this.number = number;
  }

  get name(): string {
    return `s${this.number}`;
  }

  get running(): boolean {
    return this.#worker?.running ?? false;
  }

  /** Ms that its HTTP answers wait. */
  get slowness(): number {
    return this.#slow;
  }

  /** Resolves when it listens, at full speed. Does nothing but that when it runs. @throws TandemError `io`. */
  async start(): Promise<void> {
    if (this.#worker?.running) return this.slow(0);
    const options = {
      name: this.name,
      address: serverAddress(this.number),
      httpPort: PORTS.web.server,
      udpPort: PORTS.udpEcho,
      tcpPort: PORTS.tcpEcho,
    };
    const listening = Promise.withResolvers<void>();
    const child = this.#world.spawnIn(`s${this.number}`, program('server', options));
    const worker = new Worker(`server ${this.name}`, child, () => listening.resolve());
    this.#worker = worker;
    this.#slow = 0;
    // One that ended says why when it is asked.
    await Promise.race([listening.promise, worker.ended.then(() => worker.ask('slow'))]);
  }

  /** SIGKILL: its ports answer with a reset from then on. */
  async kill(): Promise<void> {
    await this.#worker?.kill();
  }

  /** @param ms that every HTTP answer waits, 0 to 60000. */
  async slow(ms: number): Promise<void> {
    await this.#worker?.ask('slow', { ms });
    this.#slow = ms;
  }
}
