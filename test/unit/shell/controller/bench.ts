import { createHash } from 'node:crypto';
import type { Answer, LaneRequest } from '../../../../src/model/control.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { Lane } from '../../../../src/model/lane.ts';
import type { TimelineRecord } from '../../../../src/model/timeline.ts';
import type { ProbeAnswer, Prober } from '../../../../src/ports/health.ts';
import type { Drained, EventRow, Revision, Store } from '../../../../src/ports/store.ts';
import { type Controller, createController } from '../../../../src/shell/controller/controller.ts';
import type { ControllerPorts } from '../../../../src/shell/controller/ports.ts';
import { createRequests } from '../../../../src/shell/controller/requests.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeHistory } from '../../../fakes/history.ts';
import { FakeKernel } from '../../../fakes/kernel.ts';
import { FakePasswords } from '../../../fakes/passwords.ts';
import { rackNode } from '../../../fakes/rackDocument.ts';

export class FakeStore implements Store {
  readonly rows: Revision[] = [];
  readonly ledger: EventRow[] = [];
  full = false;

  latest = (): Revision | undefined => this.rows.at(-1);
  revision = (number: number): Revision | undefined => this.rows.find((row) => row.number === number);
  revisions = (): readonly Omit<Revision, 'text'>[] => this.rows;

  addRevision(author: string, text: string, digest: string): Revision {
    if (this.full) throw new TandemError('io', 'disk full');
    const row = { number: this.rows.length + 1, author, at: 0, text, digest };
    this.rows.push(row);
    return row;
  }

  addEvent(event: EventRow): void {
    if (this.full) throw new TandemError('io', 'disk full');
    this.ledger.unshift(event);
  }

  readonly out = new Map<string, Drained>();
  drained = (): readonly Drained[] => [...this.out.values()];

  drain(server: string, author: string): void {
    if (this.full) throw new TandemError('io', 'disk full');
    if (!this.out.has(server)) this.out.set(server, { server, author, at: 0 });
  }

  enable(servers: readonly string[]): void {
    if (this.full) throw new TandemError('io', 'disk full');
    for (const server of servers) this.out.delete(server);
  }

  events = (limit: number): readonly EventRow[] => this.ledger.slice(0, limit);
  close(): void {}
}

/** A box in memory: one kernel and one disk that outlive the controllers started on them. */
export class Box {
  readonly kernel = new FakeKernel();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly history = new FakeHistory();
  readonly passwords = new FakePasswords();
  records: TimelineRecord[] = [];
  readonly lanes: Lane[] = [];
  readonly laneAsked: LaneRequest[] = [];
  readonly said: string[] = [];
  laneAnswer: (request: LaneRequest) => Answer | undefined = () => ({ ok: true, result: {} });
  /** By address and port, what a server answers; `connected` when not named. */
  readonly servers = new Map<string, ProbeAnswer>();
  probes = 0;
  /** Addresses that questions left from. */
  readonly sources = new Set<string | undefined>();

  readonly #prober: Prober = {
    ask: ({ address, port, source }, done) => {
      this.probes += 1;
      this.sources.add(source);
      const answer = this.servers.get(`${address}:${port}`) ?? { ok: true, reason: 'connected' };
      return this.clock.at(this.clock.now() + 1, () => done(answer));
    },
  };

  async start(seed?: string): Promise<Running> {
    const say = (word: string) => (): void => {
      this.said.push(word);
    };
    const ports: ControllerPorts = {
      node: rackNode(),
      kernel: this.kernel,
      clock: this.clock,
      prober: this.#prober,
      store: this.store,
      history: this.history,
      records: { read: async (limit) => this.records.slice(-limit) },
      password: { hasher: this.passwords, store: this.passwords },
      supervisor: {
        watchdogMs: 3000,
        ready: say('ready'),
        alive: say('alive'),
        status: () => {},
        stopping: say('stopping'),
      },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      writeLane: async (lane) => {
        this.lanes.push(lane);
      },
      askLane: async (request) => {
        this.laneAsked.push(request);
        const answer = this.laneAnswer(request);
        if (answer === undefined) throw new TandemError('unreachable', 'lane.sock: nobody listens there');
        return answer;
      },
      log: () => {},
    };
    const controller = await createController(ports, seed);
    return { controller, ask: createRequests(controller) };
  }

  events = (kind: string): string[] => this.store.ledger.filter((row) => row.kind === kind).map((row) => row.text);

  /** Weights of a service's servers by the last part of their address. */
  weights(port: number): Record<string, number> {
    const found = this.kernel.ipvs.read().services.find((service) => service.port === port);
    return Object.fromEntries((found?.destinations ?? []).map((entry) => [entry.address.split('.')[3]!, entry.weight]));
  }
}

export interface Running {
  readonly controller: Controller;
  readonly ask: ReturnType<typeof createRequests>;
}
