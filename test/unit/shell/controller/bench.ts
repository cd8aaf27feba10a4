import { createHash } from 'node:crypto';
import { newer } from '../../../../src/core/replicate/index.ts';
import type { Answer, LaneRequest } from '../../../../src/model/control.ts';
import { LIMITS } from '../../../../src/model/document.ts';
import type { DriftHold, DriftRow } from '../../../../src/model/drift.ts';
import type { Ending } from '../../../../src/model/ending.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { Lane } from '../../../../src/model/lane.ts';
import type { Patch } from '../../../../src/model/patch.ts';
import { patchText } from '../../../../src/model/patchText.ts';
import type { TimelineRecord } from '../../../../src/model/timeline.ts';
import type { ServerUse, TwinMessage, TwinQuestion } from '../../../../src/model/twin.ts';
import type { ProbeAnswer, Prober } from '../../../../src/ports/health.ts';
import type { EventRow, Revision, RevisionHead, RevisionKey, Seen, Store } from '../../../../src/ports/store.ts';
import type { TwinChannel, TwinEars, TwinPlace } from '../../../../src/ports/twin.ts';
import { type Controller, createController } from '../../../../src/shell/controller/controller.ts';
import type { ControllerPorts } from '../../../../src/shell/controller/ports.ts';
import { createRequests } from '../../../../src/shell/controller/requests.ts';
import { stampOf } from '../../../../src/shell/replicate/replicator.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { FakeEyes } from '../../../fakes/eyes.ts';
import { FakeHistory } from '../../../fakes/history.ts';
import { FakeKernel } from '../../../fakes/kernel.ts';
import { FakePasswords } from '../../../fakes/passwords.ts';
import { rackNode } from '../../../fakes/rackDocument.ts';

export class FakeStore implements Store {
  readonly rows: Revision[] = [];
  readonly ledger: EventRow[] = [];
  readonly said = new Map<string, ServerUse>();
  #seen: Seen = { number: 0, counter: 0 };
  full = false;

  #write(): void {
    if (this.full) throw new TandemError('io', 'disk full');
  }

  latest = (): Revision | undefined =>
    this.rows.reduce<Revision | undefined>(
      (best, row) => (newer(stampOf(row), best && stampOf(best)) ? row : best),
      undefined,
    );
  revision = (number: number): Revision | undefined => this.rows.find((row) => row.number === number);
  revisions = (): readonly RevisionHead[] =>
    this.rows.toSorted((one, other) => (newer(stampOf(one), stampOf(other)) ? -1 : 1));

  addRevision(revision: Revision): void {
    this.#write();
    this.rows.push(revision);
    this.remember({ number: revision.number, counter: 0 });
  }

  addPatched(revision: RevisionHead, base: RevisionKey, patch: Patch): void {
    const on = this.rows.find((row) => row.number === base.number && row.digest === base.digest);
    if (on === undefined) throw new TandemError('not-found', `revision ${base.number} is not here`);
    this.patched.push(revision.number);
    this.addRevision({ ...revision, text: patchText(on.text, [patch], LIMITS.text) });
  }
  /** Numbers of the revisions that came as a patch. */
  readonly patched: number[] = [];

  addEvent(event: EventRow): void {
    this.#write();
    this.ledger.unshift(event);
  }

  uses = (): readonly ServerUse[] => [...this.said.values()];
  /** Names of what is drained. */
  drained = (): string[] => this.uses().flatMap((use) => (use.drained ? [use.server] : []));

  putUses(uses: readonly ServerUse[]): void {
    this.#write();
    for (const use of uses) {
      this.said.set(use.server, use);
      this.remember({ number: 0, counter: use.counter });
    }
  }

  seen = (): Seen => this.#seen;
  remember({ number, counter }: Seen): void {
    this.#write();
    this.#seen = { number: Math.max(this.#seen.number, number), counter: Math.max(this.#seen.counter, counter) };
  }

  events = (limit: number): readonly EventRow[] => this.ledger.slice(0, limit);

  readonly drifts = new Map<string, DriftRow>();
  held: DriftHold | undefined;
  putDrift(rows: readonly DriftRow[]): void {
    this.#write();
    for (const row of rows) this.drifts.set(`${row.at} ${row.kind} ${row.subject} ${row.done}`, row);
  }
  drift = (since: number, limit: number): readonly DriftRow[] =>
    [...this.drifts.values()]
      .reverse()
      .filter((row) => row.last >= since)
      .slice(0, limit);
  driftHold = (): DriftHold | undefined => this.held;
  setDriftHold(hold: DriftHold | undefined): void {
    this.#write();
    this.held = hold;
  }
  close(): void {}
}

/** A channel by hand: two of them are joined, opened and cut. */
export class FakeChannel implements TwinChannel {
  ears: TwinEars | undefined;
  other: FakeChannel | undefined;
  place: TwinPlace | undefined;
  open = false;
  attach = (ears: TwinEars): void => {
    this.ears = ears;
  };
  follow = (place: TwinPlace | undefined): void => {
    this.place = place;
  };
  tell = (message: TwinMessage): void => {
    const { other } = this;
    if (this.open) queueMicrotask(() => other?.open === true && other.ears?.heard(structuredClone(message)));
  };
  ask = async (question: TwinQuestion): Promise<unknown> => {
    if (!this.open) throw new TandemError('unreachable', 'there is no channel to the twin’s controller');
    return this.other?.ears?.asked(question);
  };
  twinHeard = (): void => {};
  close = async (): Promise<void> => {};
}

/** Opens the channel between two boxes, or cuts it. */
export function join(one: FakeChannel, two: FakeChannel, open: boolean): void {
  for (const [end, other] of [
    [one, two],
    [two, one],
  ] as const) {
    end.other = other;
    end.open = open;
  }
  for (const end of [one, two]) open ? end.ears?.opened() : end.ears?.closed();
}

/** A box in memory: one kernel and one disk that outlive the controllers started on them. */
export class Box {
  readonly kernel = new FakeKernel();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly eyes = new FakeEyes();
  readonly history = new FakeHistory();
  readonly passwords = new FakePasswords();
  readonly channel = new FakeChannel();
  readonly name: 'a' | 'b';

  constructor(name: 'a' | 'b' = 'a') {
    this.name = name;
  }

  records: TimelineRecord[] = [];
  /** In /run: outlives the controller, not the box. */
  kept: string | undefined;
  readonly lanes: Lane[] = [];
  laneDiskFull = false;
  compacted = 0;
  /** What of the box has ended by itself and is not told yet. */
  readonly endings: Ending[] = [];
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
      node: rackNode(this.name),
      channel: this.channel,
      kernel: this.kernel,
      clock: this.clock,
      prober: this.#prober,
      eyes: this.eyes,
      store: this.store,
      history: this.history,
      records: { read: async (limit) => this.records.slice(-limit) },
      healthFile: {
        load: () => this.kept,
        save: (text) => {
          this.kept = text;
        },
      },
      password: { hasher: this.passwords, store: this.passwords },
      supervisor: {
        watchdogMs: 3000,
        ready: say('ready'),
        alive: say('alive'),
        watch: (ms) => this.said.push(`watch ${ms}`),
        status: () => {},
        stopping: say('stopping'),
      },
      compact: () => {
        this.compacted += 1;
      },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      writeLane: async (lane) => {
        if (this.laneDiskFull) throw new TandemError('io', 'lane.json could not be written: disk full');
        this.lanes.push(lane);
      },
      askLane: async (request) => {
        this.laneAsked.push(request);
        const answer = this.laneAnswer(request);
        if (answer === undefined) throw new TandemError('unreachable', 'lane.sock: nobody listens there');
        return answer;
      },
      takeEndings: () => this.endings.splice(0),
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
