import { PORTS, VIP } from './figure.ts';
import type { World } from './net.ts';
import type { Second } from './programs/client.ts';
import { program, Worker } from './worker.ts';

/** The client in its namespace that asks the VIP all the time, for the picture. */
export class Client {
  readonly #worker: Worker;
  readonly #answered = Promise.withResolvers<void>();
  #last: Second | undefined;

  constructor(world: World) {
    const child = world.spawnIn('client', program('client', { host: VIP, port: PORTS.web.service }));
    this.#worker = new Worker('the client', child, (event) => {
      if (event.event === 'answered') this.#answered.resolve();
      else this.#last = event as unknown as Second;
    });
  }

  /** What it saw last; undefined before the first second. */
  get last(): Second | undefined {
    return this.#last;
  }

  /** Settles with the first answer through the VIP. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  async pause(): Promise<void> {
    await this.#worker.ask('pause');
  }

  async resume(): Promise<void> {
    await this.#worker.ask('resume');
  }
}
