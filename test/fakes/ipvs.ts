import type {
  Counters,
  Destination,
  DestinationKey,
  IpvsState,
  IpvsStep,
  ObservedDestination,
  ObservedService,
  Service,
  ServiceKey,
  StepFailure,
  SyncDaemon,
  Timeouts,
} from '../../src/model/ipvs.ts';
import type { IpvsTable } from '../../src/ports/ipvs.ts';

const ZERO: Counters = { connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0 };

type Entry = { -readonly [K in keyof ObservedDestination]: ObservedDestination[K] };

interface Held {
  service: Service;
  readonly destinations: Map<string, Entry>;
}

const serviceId = (key: ServiceKey): string => `${key.protocol} ${key.address} ${key.port} ${key.fwmark}`;
const destinationId = (key: DestinationKey): string => `${key.address} ${key.port}`;

/** An IPVS table in memory; test/contract/ipvsTable.ts holds it to the kernel's. */
export class FakeIpvs implements IpvsTable {
  /** Every step that was asked for, refused ones too. */
  readonly log: IpvsStep[] = [];
  /** Refuses every step that it answers true for, with EPERM. */
  refuse: (step: IpvsStep) => boolean = () => false;
  readonly #services = new Map<string, Held>();
  readonly #daemons = new Map<string, SyncDaemon>();
  #timeouts: Timeouts = { tcp: 900, tcpFin: 120, udp: 300 };

  read(): IpvsState {
    return structuredClone({
      services: [...this.#services.values()].map(
        ({ service, destinations }): ObservedService => ({
          ...service,
          destinations: [...destinations.values()],
          counters: ZERO,
        }),
      ),
      daemons: [...this.#daemons.values()],
      timeouts: this.#timeouts,
    });
  }

  apply(steps: readonly IpvsStep[]): StepFailure[] {
    return steps.flatMap((step) => {
      this.log.push(step);
      const errno = this.refuse(step) ? 'EPERM' : this.#run(step);
      return errno === undefined ? [] : [{ step, errno, text: `refused with ${errno}` }];
    });
  }

  /** The live entry of a destination, for a test to count connections on. */
  destination(service: ServiceKey, key: DestinationKey): Entry {
    const entry = this.#services.get(serviceId(service))?.destinations.get(destinationId(key));
    if (entry === undefined) throw new Error(`no destination ${destinationId(key)}`);
    return entry;
  }

  #run(step: IpvsStep): string | undefined {
    switch (step.op) {
      case 'add-service':
        if (this.#services.has(serviceId(step.service))) return 'EEXIST';
        this.#services.set(serviceId(step.service), {
          service: structuredClone(step.service),
          destinations: new Map(),
        });
        return undefined;
      case 'edit-service': {
        const held = this.#services.get(serviceId(step.service));
        if (held === undefined) return 'ESRCH';
        held.service = structuredClone(step.service);
        return undefined;
      }
      case 'delete-service':
        return this.#services.delete(serviceId(step.service)) ? undefined : 'ESRCH';
      case 'add-destination':
      case 'edit-destination':
      case 'delete-destination':
        return this.#runDestination(step);
      case 'start-daemon':
        if (this.#daemons.has(step.daemon.role)) return 'EEXIST';
        this.#daemons.set(step.daemon.role, step.daemon);
        return undefined;
      case 'stop-daemon':
        return this.#daemons.delete(step.daemon.role) ? undefined : 'ESRCH';
      case 'set-timeouts':
        this.#timeouts = step.timeouts;
        return undefined;
    }
  }

  #runDestination(step: Extract<IpvsStep, { destination: unknown }>): string | undefined {
    const destinations = this.#services.get(serviceId(step.service))?.destinations;
    if (destinations === undefined) return 'ESRCH';
    const id = destinationId(step.destination);
    if (step.op === 'delete-destination') return destinations.delete(id) ? undefined : 'ENOENT';
    const old = destinations.get(id);
    if (step.op === 'add-destination' && old !== undefined) return 'EEXIST';
    if (step.op === 'edit-destination' && old === undefined) return 'ENOENT';
    const fresh = { active: 0, inactive: 0, persistent: 0, counters: ZERO };
    destinations.set(id, { ...(old ?? fresh), ...(step.destination as Destination) });
    return undefined;
  }
}
