import type { ChurnRack } from '../../../image/rack/churn/run.ts';
import type { BoxPort } from '../../../image/rack/drill/rack-port.ts';
import { NODES, PORTS, VIP } from '../../../image/rack/figure.ts';
import type { ControllerRequest } from '../../../src/model/control.ts';
import type { PairDocument } from '../../../src/model/document.ts';
import { TandemError } from '../../../src/model/error.ts';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import type { LaneStatus, Status } from '../../../src/model/status.ts';
import { findServer } from '../../../src/shell/controller/drains.ts';
import type { World } from './world.ts';

/** What knows every connection as soon as there is one. */
const SERVER: Status['services'][number]['servers'][number] = {
  name: 's1',
  address: '192.0.2.11',
  port: PORTS.tcpEcho,
  forwarding: 'masquerade',
  up: true,
  drained: false,
  weight: 1,
  configuredWeight: 1,
  active: 0,
  inactive: 0,
  counters: { connections: 0, bytesIn: 0, bytesOut: 0 },
  reason: 'as told',
};

type Transition = LaneStatus['transitions'][number];

/** How the pretended pair fails over. */
export interface Habits {
  /** Ms between the old owner's loss and the new one's taking. */
  readonly gap: number;
  /** The twin takes before the old owner has dropped, for that long. */
  readonly both?: number;
  /** Raise the alarm about the serial line. */
  readonly alarm?: boolean;
  /** A box that gets its power back is handed the floats, because it is preferred. */
  readonly returns?: boolean;
  /** It does not become whole before the run of that number, from 1. */
  readonly brokenUntil?: number;
  /** The floats move once before any fault, when the drill asks how late the boxes are. */
  readonly early?: boolean;
}

/** The rack's interface over the toy world: two routers that do what they are told, and say what a pair would say. */
export class ToyRack implements ChurnRack {
  readonly #world: World;
  readonly #habits: Habits;
  readonly #transitions: Record<NodeId, Transition[]> = { a: [], b: [] };
  #active: NodeId = 'a';
  #pulled = false;
  #term = 1;
  #clock = 1;
  #held = 0;
  #resets = 0;
  #early: boolean;
  #document: { readonly revision: number; readonly text: string };

  /** @param text of the document that it begins with. */
  constructor(
    world: World,
    habits: Habits,
    text = '{"heartbeat":{"deadline_ms":150},"services":[{"name":"web","servers":[]}]}',
  ) {
    this.#document = { revision: 1, text };
    this.#world = world;
    this.#habits = habits;
    this.#early = habits.early === true;
  }

  readonly cable = {
    pull: async () => {
      this.#pulled = true;
    },
    plug: async () => {
      this.#pulled = false;
    },
    noise: async () => {},
    record: async () => ({ a: 0, b: 0 }),
    play: async () => {},
    firstBytes: async () => ({ a: null, b: null }),
  };

  box(id: NodeId): BoxPort {
    return {
      cut: () => this.#move(id, 'peer-silent'),
      plug: async () => {
        if (this.#habits.returns && this.#active !== id) await this.#move(this.#active, 'hand-over', 'preferred');
      },
      freeze: async () => {},
      thaw: async () => {},
      nic: async () => {},
      handOver: () => this.#move(id, 'hand-over'),
      press: () => this.#move(id, 'hand-over'),
      exec: async () => ({ code: 0, stdout: '100', stderr: '' }),
      written: async () => {},
      status: async () => this.#status(id),
      lateMs: async () => {
        if (this.#early) {
          this.#early = false;
          await this.#move(this.#active, 'peer-silent');
        }
        return 0;
      },
    };
  }

  server() {
    return { kill: async () => {}, start: async () => {} };
  }

  neighbours = async () => [];

  /** The last word that was applied, and its number. */
  document = async () => ({ ...this.#document, author: 'toy', at: 0, digest: this.#document.text });

  apply = async (_: NodeId, text: string) => {
    this.#document = { revision: this.#document.revision + 1, text };
    const { revision } = this.#document;
    return { revision, digest: text, changed: true, steps: [], heldBy: NODES, refused: [], warnings: [] };
  };

  spawnIn(where: string, argv: readonly string[]) {
    if (argv.some((word) => word.endsWith('/connections.ts'))) this.#held = 100;
    return (where === 'client' ? this.#world.client : this.#world.rack).spawn(argv);
  }

  readonly client = { last: undefined };

  lane = async (id: NodeId) => this.#status(id).lane ?? undefined;

  /** Takes and refuses what a controller takes and refuses, by its own rules. */
  async ask(node: NodeId, request: ControllerRequest): Promise<unknown> {
    const judged = (text: string): PairDocument => {
      const parsed = parseDocument(text);
      if (parsed.ok) return parsed.document;
      throw new TandemError('refused', `the document has ${parsed.faults.length} faults`);
    };
    if (request.do === 'apply') {
      judged(request.text);
      return this.apply(node, request.text);
    }
    if (request.do === 'drain' || request.do === 'enable') findServer(judged(this.#document.text), request.server);
    return {};
  }

  async settled(): Promise<void> {}

  async warm(): Promise<void> {}

  async reset(): Promise<void> {
    this.#resets += 1;
    if (this.#resets < (this.#habits.brokenUntil ?? 0)) throw new Error('the toy is not whole');
    this.#held = 0;
    await this.#world.a.tell('drop');
    await this.#world.b.tell('drop');
    await this.#world[this.#active].tell('take');
  }

  async #move(from: NodeId, cause: string, released = cause): Promise<void> {
    const { gap, both } = this.#habits;
    const to = peerOf(from);
    const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
    if (both === undefined) {
      await this.#world[from].tell('drop');
      await wait(gap);
      await this.#world[to].tell('take');
    } else {
      await this.#world[to].tell('take');
      await wait(both);
      await this.#world[from].tell('drop');
    }
    this.#active = to;
    this.#term++;
    this.#record(to, 'active', cause);
    if (cause === 'hand-over') this.#record(from, 'standby', released);
  }

  #record(node: NodeId, to: string, cause: string): void {
    const from = to === 'active' ? 'taking' : 'releasing';
    const at = this.#clock++;
    this.#transitions[node].unshift({ at, from, to, term: this.#term, cause, evidence: 'as told', steps: {} });
  }

  #status(node: NodeId): Status {
    const raised = this.#pulled && this.#habits.alarm === true;
    const alarms = raised ? [{ code: 'link-silent', subject: 'serial', text: 'not heard' }] : [];
    const held = this.#active === node;
    return {
      name: 'toy',
      revision: 1,
      digest: this.#document.text,
      services: [
        {
          name: 'echo',
          protocol: 'tcp',
          address: VIP,
          port: PORTS.tcpEcho,
          scheduler: 'rr',
          servers: [{ ...SERVER, active: this.#held }],
        },
      ],
      alarms,
      lane: {
        node,
        role: held ? 'active' : 'standby',
        term: this.#term,
        peer: { heard: true, role: held ? 'standby' : 'active', term: this.#term, ready: true },
        floats: { public: held, private: held },
        nics: { public: true, private: true },
        ready: true,
        lateMs: 0,
        links: [],
        alarms,
        transitions: [...this.#transitions[node]],
      },
    };
  }
}
