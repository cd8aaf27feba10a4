import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, ApplyResult, ControllerRequest, ShowResult } from '../../src/model/control.ts';
import { TandemError } from '../../src/model/error.ts';
import type { NodeId, Side } from '../../src/model/pair.ts';
import { LEDS, type Led } from '../../src/model/panel.ts';
import { type LaneStatus, laneStatusSchema, type Status, statusSchema } from '../../src/model/status.ts';
import { makeDataDisk, type SeedFile } from '../build/data.ts';
import { type BoxImage, boxAppend } from '../build/image.ts';
import { type ExecResult, GuestAgent } from '../vm/agent.ts';
import { startVm, type Vm } from '../vm/start.ts';
import type { VmSpec } from '../vm/vm.ts';
import type { Cable } from './cable.ts';
import { Console } from './console.ts';
import { BRIDGES, FLOATS, mac, NICS, type Nic, SERVICES, tap } from './figure.ts';
import { Questions } from './question.ts';

const MEMORY_MB = 512;
/** Longest boot under emulation on a busy machine, until the guest agent answers. */
const BOOT_SECONDS = 180;
/** A controller on a busy emulated processor. */
const STATUS_MS = 3000;
const ADDRESS_SECONDS = 10;
/** A document of the greatest length, from a busy emulated box. */
const DOCUMENT_MS = 20_000;
/** Longer than the lane takes for any answer. */
const HAND_OVER_MS = 10_000;

export type Power = 'off' | 'on' | 'frozen';

export type Leds = Readonly<Record<Led, boolean>>;

/** A digit for each LED, in their order. */
const ledsOf = (digits: string): Leds =>
  Object.fromEntries(LEDS.map((led, index) => [led, digits[index] === '1'])) as Record<Led, boolean>;

/** What a look into a box shows. */
export interface Look {
  /** undefined when its controller does not answer. */
  readonly status: Status | undefined;
  /** As the box's kernel has them. */
  readonly floats: Readonly<Record<Side, boolean>>;
}

/** One router: its emulator, its own disk, and what hangs on it. */
export class Box {
  readonly node: NodeId;
  readonly console = new Console();
  readonly #dir: string;
  readonly #image: BoxImage;
  readonly #cable: Cable;
  readonly #links: Record<Nic, boolean> = { public: true, private: true, heartbeat: true };
  #vm: Vm | undefined;
  #since = 0;
  #frozen = false;
  #up = false;
  #agent: Promise<GuestAgent> | undefined;
  #questions: Questions | undefined;
  #lane: Questions | undefined;
  #panel: Questions | undefined;

  constructor(node: NodeId, dir: string, image: BoxImage, cable: Cable) {
    this.node = node;
    this.#dir = dir;
    this.#image = image;
    this.#cable = cable;
  }

  get power(): Power {
    if (this.#vm === undefined) return 'off';
    return this.#frozen ? 'frozen' : 'on';
  }

  /** How long it has had power, ms; 0 without. */
  get poweredMs(): number {
    return this.#vm === undefined ? 0 : performance.now() - this.#since;
  }

  /** Whether the NIC's cable is in. */
  link(nic: Nic): boolean {
    return this.#links[nic];
  }

  /** Gives the box a fresh disk of its own. Only without power. */
  async format(files: readonly SeedFile[]): Promise<void> {
    await makeDataDisk(this.#file('data'), files);
  }

  /** Power on, with the disks as they are; resolves when the emulator runs. Does nothing when it has power. */
  async plug(): Promise<void> {
    if (this.#vm !== undefined) return;
    const vm = await startVm(this.#spec());
    this.#vm = vm;
    this.#since = performance.now();
    this.#frozen = false;
    vm.exited.then(() => {
      if (this.#vm === vm) this.#forget();
    });
    for (const nic of NICS) if (!this.#links[nic]) await vm.qmp.setLink(BRIDGES[nic], false);
    await this.console.attach(this.#file('ttyS0'));
    this.#questions = await Questions.connect(this.#file('status'));
    this.#lane = await Questions.connect(this.#file('lane'));
    this.#panel = await Questions.connect(this.#file('panel'));
    await this.#cable.deaf(this.node, false);
    await this.#cable.attach(this.node, this.#file('ttyS1'));
    this.#reach(BOOT_SECONDS);
  }

  /** Power off: SIGKILL to the emulator, nothing in the guest is asked. */
  async cut(): Promise<void> {
    const vm = this.#vm;
    this.#forget();
    await vm?.kill();
  }

  /** All its processors stop; its clock stands still. @throws TandemError `refused` without power. */
  async freeze(): Promise<void> {
    await this.#powered().qmp.stop();
    this.#frozen = true;
    await this.#cable.deaf(this.node, true);
  }

  /** Goes on where it stopped. */
  async thaw(): Promise<void> {
    await this.#cable.deaf(this.node, false);
    await this.#powered().qmp.cont();
    this.#frozen = false;
  }

  /** Plugs or pulls the NIC's cable; it stays so over a power cut. */
  async nic(nic: Nic, up: boolean): Promise<void> {
    await this.#vm?.qmp.setLink(BRIDGES[nic], up);
    this.#links[nic] = up;
  }

  /** Resolves when the guest's agent answers, some seconds after `plug`. @throws TandemError. */
  async booted(): Promise<void> {
    this.#powered();
    await this.#reach(BOOT_SECONDS);
  }

  /** Runs a shell command line in the box. @throws TandemError when the box cannot be asked. */
  async exec(command: string, options: { timeoutSeconds?: number } = {}): Promise<ExecResult> {
    this.#awake();
    const agent = await this.#reach(10);
    try {
      return await agent.exec(['sh', '-c', command], options);
    } catch (error) {
      // A silent agent has closed its socket: the next question opens another.
      if (error instanceof TandemError && error.code === 'unreachable') this.#lose(agent);
      throw error;
    }
  }

  /**
   * Asks the controller what `tandem hand-over` asks it, `--force` or not, without starting a program in the busy guest.
   * @throws TandemError `refused` with the reason, `unreachable` when no answer comes.
   */
  async handOver(force = false): Promise<void> {
    await this.ask({ do: 'hand-over', force }, HAND_OVER_MS);
  }

  /**
   * What `tandem status --json SERVICE...` says; undefined when the box or its controller does not answer. Of the figure's services
   * unless told: thousands of others would keep an emulated controller busy for longer than this waits.
   */
  async status(services: readonly string[] = SERVICES): Promise<Status | undefined> {
    if (this.power !== 'on') return undefined;
    const question = { do: 'status', services: [...services] } as const;
    const answer = (await this.#questions?.ask(question, STATUS_MS)) as Answer | undefined;
    return answer?.ok ? statusSchema.parse(answer.result) : undefined;
  }

  /**
   * The latest that the pair lane woke in the last 10 s, ms, from the lane itself: the controller of a busy box may not get
   * a turn. undefined when it does not answer.
   */
  async lateMs(): Promise<number | undefined> {
    return (await this.lane())?.lateMs;
  }

  /** What the pair lane says of itself; undefined when it does not answer. */
  async lane(): Promise<LaneStatus | undefined> {
    if (this.power !== 'on') return undefined;
    const answer = (await this.#lane?.ask({ do: 'status' }, STATUS_MS)) as Answer | undefined;
    return answer?.ok ? laneStatusSchema.parse(answer.result) : undefined;
  }

  /**
   * Applies a document as `tandem apply` does, without starting a program in the busy guest.
   * @throws TandemError with the controller's own reason, `unreachable` when no answer comes within `limitMs`.
   */
  apply(text: string, limitMs: number): Promise<ApplyResult> {
    return this.ask({ do: 'apply', text, author: 'rack' }, limitMs) as Promise<ApplyResult>;
  }

  /** The document in force, as `tandem show` says it. @throws as `apply`. */
  document(): Promise<ShowResult> {
    return this.ask({ do: 'show' }, DOCUMENT_MS) as Promise<ShowResult>;
  }

  /**
   * Asks the controller what the CLI asks it (src/model/control.ts).
   * @throws TandemError with the controller's own reason, `unreachable` when no answer comes within `limitMs`.
   */
  async ask(request: ControllerRequest, limitMs: number): Promise<unknown> {
    const answer = (await this.#questions?.ask(request, limitMs)) as Answer | undefined;
    if (!answer) throw new TandemError('unreachable', `${this.node} does not answer \`${request.do}\``);
    if (!answer.ok) throw new TandemError('refused', `${this.node}: ${answer.error.message}`);
    return answer.result;
  }

  /**
   * Resolves when the box writes to its own disk; what it wrote is then in the disk's file.
   * @throws TandemError `unreachable` when it does not within `limitMs`.
   */
  async written(limitMs: number): Promise<void> {
    const changed = async () => (await stat(this.#file('data'), { bigint: true })).mtimeNs;
    const limit = performance.now() + limitMs;
    for (const before = await changed(); (await changed()) === before; ) {
      if (performance.now() > limit) {
        throw new TandemError('unreachable', `${this.node} has not written to its disk for ${limitMs / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** The panel's LEDs as its chip has them now; undefined when the box does not answer. */
  async leds(): Promise<Leds | undefined> {
    if (this.power !== 'on') return undefined;
    const answer = (await this.#panel?.ask({ do: 'look' }, STATUS_MS)) as Answer | undefined;
    return answer?.ok ? ledsOf(answer.result as string) : undefined;
  }

  /**
   * Holds the panel's button down for `ms`, timed in the box; resolves when it should be up again.
   * @throws TandemError `unreachable` when the box does not answer.
   */
  async press(ms: number): Promise<void> {
    await this.pressDown(ms);
    await new Promise((up) => setTimeout(up, ms));
  }

  /** As `press`, but resolves as soon as the button is down. */
  async pressDown(ms: number): Promise<void> {
    this.#awake();
    const answer = (await this.#panel?.ask({ do: 'press', ms }, STATUS_MS)) as Answer | undefined;
    if (!answer?.ok) throw new TandemError('unreachable', `the front panel of ${this.node} does not answer`);
  }

  /**
   * Watches the panel's LEDs for `ms`: each change and when it was seen, ms from the beginning, by the box's own clock and
   * some 10 ms late. @throws TandemError `unreachable` when the box does not answer.
   */
  async watchLeds(ms: number): Promise<readonly { readonly at: number; readonly leds: Leds }[]> {
    this.#awake();
    const answer = (await this.#panel?.ask({ do: 'watch', ms }, ms + STATUS_MS)) as Answer | undefined;
    if (!answer?.ok) throw new TandemError('unreachable', `the front panel of ${this.node} does not answer`);
    return (answer.result as [number, string][]).map(([at, digits]) => ({ at, leds: ledsOf(digits) }));
  }

  /** The status, or when nobody gives one the addresses in its kernel; undefined when the box does not answer. */
  async look(): Promise<Look | undefined> {
    if (this.power !== 'on' || !this.#up) return undefined;
    const status = await this.status();
    if (status?.lane) return { status, floats: status.lane.floats };
    try {
      const { stdout } = await this.exec('ip -o -4 address', { timeoutSeconds: ADDRESS_SECONDS });
      const holds = (side: Side) => stdout.includes(` ${FLOATS[side]}/`);
      return { status, floats: { public: holds('public'), private: holds('private') } };
    } catch (error) {
      if (error instanceof TandemError) return undefined;
      throw error;
    }
  }

  #spec(): VmSpec {
    return {
      name: `tandem-${this.node}`,
      memoryMb: MEMORY_MB,
      holdsMemory: true,
      cpus: 1,
      append: boxAppend(this.node, 'rack'),
      kernel: this.#image.kernel,
      initrd: this.#image.initrd,
      disks: [
        { path: this.#image.root, format: 'raw', mode: 'read-only' },
        { path: this.#image.service, format: 'raw', mode: 'read-only' },
        { path: this.#file('data'), format: 'raw', mode: 'write' },
      ],
      nics: NICS.map((nic) => ({ id: BRIDGES[nic], tap: tap(this.node, nic), mac: mac(this.node, nic) })),
      serials: [{ socket: this.#file('ttyS0') }, { socket: this.#file('ttyS1') }],
      qmp: this.#file('qmp'),
      agent: this.#file('agent'),
      ports: ['status', 'lane', 'panel'].map((name) => ({ socket: this.#file(name) })),
    };
  }

  /** The agent of this boot, connecting when there is no connection. */
  #reach(timeoutSeconds: number): Promise<GuestAgent> {
    if (this.#agent !== undefined) return this.#agent;
    const agent = GuestAgent.connect(this.#file('agent'), { timeoutSeconds });
    this.#agent = agent;
    agent.then(
      () => {
        if (this.#agent === agent) this.#up = true;
      },
      () => {
        if (this.#agent === agent) this.#agent = undefined;
      },
    );
    return agent;
  }

  #lose(agent: GuestAgent): void {
    agent.close();
    this.#agent = undefined;
  }

  #forget(): void {
    this.#vm = undefined;
    this.#frozen = false;
    this.#up = false;
    this.#agent?.then(
      (agent) => agent.close(),
      () => {},
    );
    this.#agent = undefined;
    for (const questions of [this.#questions, this.#lane, this.#panel]) questions?.close();
    this.#questions = undefined;
    this.#lane = undefined;
    this.#panel = undefined;
  }

  #powered(): Vm {
    if (this.#vm !== undefined) return this.#vm;
    throw new TandemError('refused', `box ${this.node} has no power`, { remedy: `plug ${this.node}` });
  }

  #awake(): void {
    this.#powered();
    if (!this.#frozen) return;
    throw new TandemError('refused', `box ${this.node} is frozen`, { remedy: `thaw ${this.node}` });
  }

  #file(name: string): string {
    return join(this.#dir, `${this.node}.${name}`);
  }
}
