import type { NodeId, Side } from '../../../src/model/pair.ts';
import { BRIDGES, FLOATS, mac, NODES, PORTS, VIP } from '../figure.ts';
import type { ConnectionsReport } from './connections.ts';
import { lastOwner } from './ownership.ts';
import type { Load } from './pace.ts';
import type { ProberReport } from './prober.ts';
import { Program, programs } from './programs.ts';
import type { RackPort } from './rack-port.ts';
import type { WatcherReport } from './watcher.ts';

/** On each float's network, used by nobody. */
const ASKERS: Readonly<Record<Side, string>> = { public: '198.51.100.254', private: '192.0.2.254' };

/** The box whose NIC has that hardware address; undefined for anybody else. */
export const boxOf = (address: string): NodeId | undefined =>
  NODES.find((node) => mac(node, 'public') === address || mac(node, 'private') === address);

export interface Collected {
  readonly prober: ProberReport;
  readonly connections: ConnectionsReport;
  readonly public: WatcherReport;
  readonly private: WatcherReport;
}

const nameOf = (address: string | undefined): string => boxOf(address ?? '') ?? address ?? 'nobody';

/** Who was heard last as the owner of each float. */
export const ownersIn = (collected: Collected): Record<Side, string> => ({
  public: nameOf(lastOwner(collected.public)),
  private: nameOf(lastOwner(collected.private)),
});

/** The four measuring programs of one run. */
export class Traffic {
  readonly #prober: Program<ProberReport>;
  readonly #connections: Program<ConnectionsReport>;
  readonly #watchers: Readonly<Record<Side, Program<WatcherReport>>>;

  constructor(rack: Pick<RackPort, 'spawnIn'>, { connections: count, thin }: Load) {
    const options = { host: VIP, tcpPort: PORTS.web.service, udpPort: PORTS.udpEcho, thin };
    this.#prober = new Program('prober', rack.spawnIn('client', programs.prober(options)));
    const lines = { host: VIP, port: PORTS.tcpEcho, count, thin };
    this.#connections = new Program('connections', rack.spawnIn('client', programs.connections(lines)));
    const watch = (side: Side) => {
      const watcher = { device: BRIDGES[side], float: FLOATS[side], asker: ASKERS[side] };
      return new Program<WatcherReport>(`watcher of ${BRIDGES[side]}`, rack.spawnIn('rack', programs.watcher(watcher)));
    };
    this.#watchers = { public: watch('public'), private: watch('private') };
  }

  /**
   * Waits until everything has been answered, every connection moves and each float had one owner, for `quietMs`.
   * Returns the owners: a box, or the hardware address of a stranger.
   * @throws naming what was not quiet within `timeoutMs`, and what failed last.
   */
  async quiet(quietMs: number, timeoutMs: number): Promise<Record<Side, string>> {
    try {
      const [left, right] = await Promise.all([
        this.#watchers.public.steady(quietMs, timeoutMs),
        this.#watchers.private.steady(quietMs, timeoutMs),
        this.#clients(quietMs, timeoutMs),
      ]);
      return { public: nameOf(left.owner), private: nameOf(right.owner) };
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** Waits until the clients have been served for `quietMs`, whoever answers for the floats. @throws as `quiet`. */
  async served(quietMs: number, timeoutMs: number): Promise<void> {
    try {
      await this.#clients(quietMs, timeoutMs);
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  async collect(): Promise<Collected> {
    const [prober, connections, left, right] = await Promise.all([
      this.#prober.report(),
      this.#connections.report(),
      this.#watchers.public.report(),
      this.#watchers.private.report(),
    ]);
    return { prober, connections, public: left, private: right };
  }

  async stop(): Promise<void> {
    const { public: left, private: right } = this.#watchers;
    await Promise.all([this.#prober, this.#connections, left, right].map((program) => program.stop()));
  }

  #clients(quietMs: number, timeoutMs: number): Promise<unknown> {
    return Promise.all([this.#prober.steady(quietMs, timeoutMs), this.#connections.steady(quietMs, timeoutMs)]);
  }

  async #explained(error: unknown): Promise<Error> {
    const [prober, connections] = await Promise.all([this.#prober.report(), this.#connections.report()]);
    const seen = `failed so far: ${JSON.stringify(prober.failures)}, connections lost: ${JSON.stringify(connections.reasons)}`;
    return new Error(`${error instanceof Error ? error.message : error}; ${seen}`, { cause: error });
  }
}
