import type { RackPort } from '../drill/rack-port.ts';
import { PORTS, VIP } from '../figure.ts';
import type { LoadReport } from '../programs/load.ts';
import { program, Worker } from '../worker.ts';

/** The rack's end of programs/load.ts, in the client's namespace. */
export class Load {
  readonly #worker: Worker;

  constructor(rack: Pick<RackPort, 'spawnIn'>) {
    const ports = { httpPort: PORTS.web.service, udpPort: PORTS.udpEcho, echoPort: PORTS.tcpEcho };
    this.#worker = new Worker('the load', rack.spawnIn('client', program('load', { host: VIP, ...ports })));
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
