import type { Lane } from '../../src/model/lane.ts';
import { type Hold, type NodeId, SIDES, type Side } from '../../src/model/pair.ts';
import type { TimelineRecord } from '../../src/model/timeline.ts';
import type { HoldStore } from '../../src/ports/store.ts';
import { failoverConfig } from '../../src/shell/lane/config.ts';
import { type LaneRunner, runLane } from '../../src/shell/lane/lane.ts';
import { watchdogOf } from '../../src/shell/lane/watchdog.ts';
import { type BoxClock, createBoxClock } from './clock.ts';
import { createDisk, type Disk } from './disk.ts';
import { createKernel, type Kernel } from './kernel.ts';
import type { ArpPacket, Lan, Station } from './lan.ts';
import { laneOf } from './laneOf.ts';
import { lanePorts } from './ports.ts';
import { createProcess, type Process } from './process.ts';
import type { Dice } from './random.ts';
import type { Sabotage } from './sabotage.ts';
import type { Schedule } from './schedule.ts';
import type { Wire } from './wire.ts';

/** What a box is plugged into and how it is set up. */
export interface Surroundings {
  readonly schedule: Schedule;
  readonly lans: Readonly<Record<Side, Lan>>;
  /** By link, towards the twin and from it. */
  readonly wires: readonly { readonly out: Wire; readonly in: Wire }[];
  readonly timing: { readonly intervalMs: number; readonly deadlineMs: number };
  readonly preference: Lane['preference'];
  readonly sabotage: Sabotage | undefined;
  readonly log: (who: string, line: string) => void;
}

/** The unit's watchdog, and its clean-up after the lane died, ms. */
const WATCHDOG = 800;
const CLEAN_UP = { least: 10, most: 60 };
/** Packets that wait for a box that stands still. */
const WAITING = 256;
/** Start of a box, of a lane in it, of its controller, ms. */
const BOX_START = { least: 1000, most: 3000 };
const LANE_START = { least: 150, most: 1200 };
const CONTROLLER_START = { least: 100, most: 800 };

/** One router: power, kernel, disk, the lane's process with the shipped code in it, and its supervisor. */
export class Box implements Station {
  readonly name: NodeId;
  readonly mac: string;
  readonly disk: Disk;
  /** What its lanes have recorded; a simulated disk keeps it all. */
  readonly records = new Map<string, TimelineRecord>();
  /** What an operator said of this box; outlives everything here. */
  readonly holds: HoldStore;
  readonly lane: Lane;
  powered = false;
  frozen = false;
  /** Longest lateness of a timer, ms. */
  lateness = 1;
  /** Threads of ordinary priority get no turn. */
  #starved = false;
  #starving: (() => void)[] = [];
  controllerAlive = true;
  ready = true;
  /** What the lane has told its watchdog: whether it holds floats, and the heartbeat's deadline, ms. */
  guarded = { holding: false, deadline: 0 };
  /** By how much its wall clock has been set since it was right, ms. */
  wallStep = 0;
  /** No process gets a turn, the supervisor's neither; the kernel goes on. */
  stalled = false;
  #stalledAt = 0;
  #stalledWork: (() => void)[] = [];
  clock: BoxClock;
  kernel: Kernel;
  process: Process | undefined;
  runner: LaneRunner | undefined;
  /** The process's ARP watches. */
  readonly ears: Record<Side, (packet: ArpPacket) => void> = { public: () => {}, private: () => {} };
  /** Those that hear neighbours' answers. */
  readonly answerEars: Record<Side, (address: string) => void> = { public: () => {}, private: () => {} };
  #hung = false;
  #session = 0;
  #waiting: (() => void)[] = [];
  readonly #around: Surroundings;
  readonly #dice: Dice;

  constructor(name: NodeId, around: Surroundings, dice: Dice) {
    this.name = name;
    this.mac = name === 'a' ? '02:00:00:00:00:0a' : '02:00:00:00:00:0b';
    this.#around = around;
    this.#dice = dice;
    let kept: Hold | undefined;
    this.holds = {
      load: () => kept,
      async save(hold) {
        kept = hold;
      },
    };
    this.disk = createDisk(around.schedule, dice.fork(), around.sabotage?.unguarded !== true);
    this.lane = laneOf(
      name,
      around.wires.map((wire) => wire.out.id),
      around.timing,
      around.preference,
    );
    this.clock = createBoxClock(around.schedule, dice);
    this.kernel = this.#freshKernel({ public: true, private: true });
  }

  plug(): void {
    if (this.powered) return;
    this.powered = true;
    this.#session += 1;
    this.clock = createBoxClock(this.#around.schedule, this.#dice);
    this.kernel = this.#freshKernel(this.kernel.carrier);
    this.log('power on');
    this.#later(BOX_START, () => this.startLane());
  }

  cut(): void {
    if (!this.powered) return;
    this.log('power cut');
    this.process?.kill();
    this.process = undefined;
    this.runner = undefined;
    this.kernel.reset();
    this.disk.cutPower();
    this.powered = false;
    this.frozen = false;
    this.stalled = false;
    this.#stalledWork = [];
    this.#hung = false;
    this.#waiting = [];
    this.#session += 1;
  }

  /** The process dies; the unit's clean-up removes the floats and starts it again. */
  killLane(why: string): void {
    if (this.process === undefined || !this.powered) return;
    this.log(`lane dies: ${why}`);
    this.process.kill();
    this.process = undefined;
    this.runner = undefined;
    this.#hung = false;
    this.#later(CLEAN_UP, () => {
      for (const side of SIDES) this.kernel.remove(side);
      this.#later(LANE_START, () => this.startLane());
    });
  }

  /** SIGSTOP: the kernel goes on without it, and so does the watchdog. */
  hangLane(): void {
    const { process } = this;
    if (process === undefined || this.#hung) return;
    this.log('lane hangs');
    this.#hung = true;
    process.stop();
    const watchdog = this.#watchdog();
    this.#later({ least: watchdog, most: watchdog + 20 }, () => {
      if (this.process === process && this.#hung) this.killLane('watchdog');
    });
  }

  #watchdog(): number {
    return watchdogOf(WATCHDOG, this.guarded.holding, this.guarded.deadline);
  }

  wakeLane(): void {
    if (!this.#hung) return;
    this.#hung = false;
    this.log('lane goes on');
    this.#goOn();
  }

  /** User space stands still (memory is short, the disk does not answer) while the kernel answers for its addresses. */
  stall(): void {
    if (!this.powered || this.stalled) return;
    this.log('user space stalls');
    this.stalled = true;
    this.#stalledAt = this.#around.schedule.now();
    this.process?.stop();
  }

  unstall(): void {
    if (this.stalled) this.when(() => this.#endStall());
  }

  #endStall(): void {
    this.stalled = false;
    this.log('user space goes on');
    // The watchdog is overdue as well: supervisor and process race.
    const overdue = this.#around.schedule.now() - this.#stalledAt > this.#watchdog();
    if (overdue && this.#dice.chance(0.5)) this.killLane('watchdog');
    const waiting = this.#stalledWork;
    this.#stalledWork = [];
    for (const run of waiting) run();
    this.#goOn();
  }

  #goOn(): void {
    if (!this.#hung && !this.frozen && !this.stalled) this.process?.goOn();
  }

  /** The whole box stands still; with `clockStops` it cannot notice, as a paused guest. */
  freeze(clockStops: boolean): void {
    if (!this.powered || this.frozen) return;
    this.log(`box freezes, its clock ${clockStops ? 'too' : 'runs on'}`);
    this.frozen = true;
    this.process?.stop();
    if (clockStops) this.clock.stop();
  }

  thaw(): void {
    if (!this.frozen) return;
    this.log('box thaws');
    this.frozen = false;
    this.clock.go();
    const waiting = this.#waiting;
    this.#waiting = [];
    // The kernel's own work and the process race; either may be first.
    const processFirst = this.#dice.chance(0.5);
    if (processFirst) this.#goOn();
    for (const run of waiting) run();
    this.#goOn();
  }

  startLane(): void {
    if (!this.powered || this.process !== undefined) return;
    const process = createProcess();
    this.process = process;
    if (this.frozen || this.stalled) process.stop();
    const { sabotage, wires } = this.#around;
    const boot = this.#dice.hex(8);
    const clean = failoverConfig(this.lane, boot, 7);
    const config = sabotage?.config === undefined ? clean : { ...clean, ...sabotage.config };
    this.log(`lane starts, boot ${boot.slice(0, 4)}, term on disk ${this.disk.term()}`);
    this.runner = runLane(lanePorts(this, process, wires, this.#around, this.#dice), this.lane, config);
    this.#later(CONTROLLER_START, () => this.#controller(process));
  }

  /** Repeats its word every second, as the real one does; what clients would lose on the twin is no matter of this world. */
  #controller(process: Process): void {
    if (this.process !== process) return;
    if (this.controllerAlive) process.input(() => this.runner?.ready(this.ready, null));
    this.#around.schedule.after(1000, () => this.#controller(process));
  }

  sayReady(): void {
    this.process?.input(() => this.runner?.ready(this.ready, null));
  }

  plugged(side: Side): boolean {
    return this.powered && this.kernel.carrier[side];
  }

  /** Nothing is wrong with this box, so it could serve. */
  healthy(): boolean {
    const up = this.powered && !this.frozen && this.process?.state() === 'running' && !this.disk.full;
    return up && this.kernel.carrier.public && this.kernel.carrier.private && this.runner?.state().ready === true;
  }

  /** Its lane can act on what it hears. */
  awake(): boolean {
    return this.powered && !this.frozen && this.process?.state() === 'running';
  }

  /** The float answers on this side: what a client or a probe would find. */
  answers(side: Side): boolean {
    return this.plugged(side) && !this.frozen && this.kernel.held[side];
  }

  receive(side: Side, packet: ArpPacket): void {
    if (this.#waiting.length >= WAITING) return;
    this.when(() => {
      if (packet.kind === 'probe' && this.kernel.held[side]) this.#around.lans[side].say(this, 'claim');
      this.ears[side](packet);
    });
  }

  answered(side: Side, address: string): void {
    this.when(() => this.answerEars[side](address));
  }

  /** Kernel work: waits while the box is frozen, and is gone with its power. */
  when(run: () => void): void {
    if (!this.powered) return;
    if (!this.frozen) run();
    else this.#waiting.push(run);
  }

  /** Work of an ordinary thread: waits while none of them gets a turn. */
  ordinary(run: () => void): void {
    if (!this.#starved) run();
    else if (this.#starving.length < WAITING) this.#starving.push(run);
  }

  starve(starved: boolean): void {
    this.#starved = starved;
    if (starved) return;
    const waiting = this.#starving;
    this.#starving = [];
    for (const run of waiting) run();
  }

  log(line: string): void {
    this.#around.log(this.name, line);
  }

  #freshKernel(carrier: Record<Side, boolean>): Kernel {
    const session = this.#session;
    const when = (run: () => void): void => {
      if (session === this.#session) this.when(run);
    };
    const { schedule, sabotage } = this.#around;
    const kernel = createKernel(schedule, this.clock, this.#dice, when, sabotage?.immortal);
    Object.assign(kernel.carrier, carrier);
    return kernel;
  }

  /** Something this box's own system does later, unless its power goes first. */
  #later(range: { readonly least: number; readonly most: number }, run: () => void): void {
    const session = this.#session;
    this.#around.schedule.after(this.#dice.between(range.least, range.most), () => {
      if (session !== this.#session) return;
      this.when(() => {
        if (this.stalled) this.#stalledWork.push(run);
        else run();
      });
    });
  }
}
