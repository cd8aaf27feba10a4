import type { RackPort } from '../drill/rack-port.ts';
import { PORTS, VIP } from '../figure.ts';
import type { LoadReport } from '../programs/load.ts';
import { program, Worker } from '../worker.ts';

/** The rack's end of programs/load.ts, in the client's namespace. */
export class Load {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Resolves when the first request is on its way. @throws TandemError `io` when it ends before. */
  static async start(rack: Pick<RackPort, 'spawnIn'>): Promise<Load> {
    const ports = { httpPort: PORTS.web.service, udpPort: PORTS.udpEcho, echoPort: PORTS.tcpEcho };
    const asking = Promise.withResolvers<void>();
    const child = rack.spawnIn('client', program('load', { host: VIP, ...ports }));
    const worker = new Worker('the load', child, () => asking.resolve());
    // One that ended says why when it is asked.
    await Promise.race([asking.promise, worker.ended.then(() => worker.ask('report'))]);
    return new Load(worker);
  }

  /** Opens connections through that service from now on. */
  async watch(service: string, port: number): Promise<void> {
    await this.#worker.ask('watch', { service, port });
  }

  /** Opens no more; those that are there stay. */
  async unwatch(service: string): Promise<void> {
    await this.#worker.ask('unwatch', { service });
  }

  async report(): Promise<LoadReport> {
    return (await this.#worker.ask('report')) as LoadReport;
  }

  async stop(): Promise<void> {
    await this.#worker.kill();
  }
}
