import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ApplyResult, ControllerRequest, ShowResult } from '../../src/model/control.ts';
import type { NodeId } from '../../src/model/pair.ts';
import type { LaneStatus } from '../../src/model/status.ts';
import type { SeedFile } from '../build/data.ts';
import type { BoxImage } from '../build/image.ts';
import type { BenchRack } from './bench/system.ts';
import { Box } from './box.ts';
import { Cable } from './cable.ts';
import type { ChurnRack } from './churn/run.ts';
import { Client } from './client.ts';
import { NICS, NODES, SERVERS, type ServerNumber, type Where } from './figure.ts';
import { type Neighbour, neighbours } from './neighbours.ts';
import { World } from './net.ts';
import { documentText, seeds, unconfigured } from './seed.ts';
import { RealServer } from './servers.ts';
import { settled } from './settle.ts';

/** Longest wait for a whole pair: a boot under emulation on a busy machine, and the checks after it. */
const SETTLE_MS = 300_000;

/**
 * An emulated box translates each path of its kernel, and its runtime compiles each of its functions, as they are first
 * taken: for a minute after its start it does a third of what it can do later.
 */
const WARM_MS = 75_000;

/** Longest wait for an answer to another heartbeat. */
const BEAT_MS = 60_000;

/** Called as each phase of the start ends. */
export type Phase = (what: string) => void;

export interface PairOptions {
  readonly password: string | undefined;
  readonly deadline: number | undefined;
}

/** The whole rack, for use inside the process that made its world. */
export class Rack implements BenchRack, ChurnRack {
  readonly cable: Cable;
  readonly client: Client;
  readonly #world: World;
  readonly #boxes: Readonly<Record<NodeId, Box>>;
  readonly #servers: readonly RealServer[];

  private constructor(world: World, dir: string, image: BoxImage) {
    this.#world = world;
    this.cable = new Cable(world);
    this.client = new Client(world);
    this.#servers = SERVERS.map((number) => new RealServer(world, number));
    const box = (node: NodeId) => new Box(node, dir, image, this.cable);
    this.#boxes = { a: box('a'), b: box('b') };
  }

  /**
   * World, cable, servers and client, and both boxes under power. Resolves when the emulators run.
   * @param dir an empty folder in the cache.
   * @param pair the boxes' web consoles' password, undefined = boxes as they leave the factory: their serial consoles ask who
   *   they are; and the heartbeat's deadline, ms, undefined = the rack's own.
   */
  static async start(dir: string, image: BoxImage, phase: Phase, { password, deadline }: PairOptions): Promise<Rack> {
    const rack = new Rack(await World.make(join(dir, 'world')), dir, image);
    phase('bridges, taps and namespaces');
    const files = password === undefined ? unconfigured : await seeds(password, { deadline });
    await Promise.all([
      ...NODES.map((node) => rack.box(node).format(files[node])),
      ...SERVERS.map((number) => rack.server(number).start()),
    ]);
    phase(`real servers, cable and ${password === undefined ? 'empty disks' : 'disks with a fresh key'}`);
    await Promise.all(NODES.map((node) => rack.box(node).plug()));
    phase('both boxes under power');
    return rack;
  }

  box(node: NodeId): Box {
    return this.#boxes[node];
  }

  server(number: ServerNumber): RealServer {
    return this.#servers[number - 1]!;
  }

  lane(node: NodeId): Promise<LaneStatus | undefined> {
    return this.box(node).lane();
  }

  apply(node: NodeId, text: string, limitMs: number): Promise<ApplyResult> {
    return this.box(node).apply(text, limitMs);
  }

  ask(node: NodeId, request: ControllerRequest, limitMs: number): Promise<unknown> {
    return this.box(node).ask(request, limitMs);
  }

  document(node: NodeId): Promise<ShowResult> {
    return this.box(node).document();
  }

  /** Has the pair run the rack's document with that deadline of the heartbeat, ms. @throws as `apply`. */
  async beat(deadline: number): Promise<void> {
    const text = await documentText({ deadline });
    const lanes = await Promise.all(NODES.map((node) => this.lane(node)));
    const owner = NODES.find((_, index) => lanes[index]?.role === 'active') ?? 'a';
    await this.apply(owner, text, BEAT_MS);
  }

  neighbours(): Promise<readonly Neighbour[]> {
    return neighbours(this.#world);
  }

  /** Starts a program inside a namespace with stdin, stdout and stderr as pipes. */
  spawnIn(
    where: Where,
    argv: readonly string[],
    options: { env?: Readonly<Record<string, string>> } = {},
  ): ChildProcess {
    return this.#world.spawnIn(where, argv, options);
  }

  /** One active, one ready standby, every link heard and every server up. @throws TandemError with what is not. */
  settled(): Promise<void> {
    return settled(async () => {
      const [a, b] = await Promise.all(NODES.map((node) => this.box(node).status()));
      return { a, b };
    }, SETTLE_MS);
  }

  /** Back to the fixed state: everything plugged, thawed, started, and settled. */
  async reset(): Promise<void> {
    await this.mend();
    await this.settled();
  }

  /** Everything plugged, thawed, started and booted, whatever runs in the boxes. */
  async mend(): Promise<void> {
    await this.cable.plug();
    await Promise.all(SERVERS.map((number) => this.server(number).start()));
    await Promise.all(
      NODES.map(async (node) => {
        const box = this.box(node);
        await box.plug();
        if (box.power === 'frozen') await box.thaw();
        for (const nic of NICS) if (!box.link(nic)) await box.nic(nic, true);
        await box.booted();
      }),
    );
  }

  /** Power off for both, fresh disks of their own that begin with these files, and power on until they have booted. */
  async reinstall(files: Readonly<Record<NodeId, readonly SeedFile[]>>): Promise<void> {
    await this.end();
    await Promise.all(NODES.map((node) => this.box(node).format(files[node])));
    await this.mend();
  }

  /** These boxes have run for `WARM_MS`. */
  async warm(nodes: readonly NodeId[] = NODES): Promise<void> {
    const left = WARM_MS - Math.min(...nodes.map((node) => this.box(node).poweredMs));
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  }

  /** Power off for both, at once. What runs in the namespaces ends with the process. */
  async end(): Promise<void> {
    await Promise.all(NODES.map((node) => this.box(node).cut()));
  }
}
