import { DRAIN_MS } from '../../../src/core/reconcile/index.ts';
import type { ControllerRequest } from '../../../src/model/control.ts';
import { TandemError } from '../../../src/model/error.ts';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import { seeded } from '../cable/chance.ts';
import { applyToBoth, inForce, type Plain } from '../drill/document.ts';
import { signal } from '../drill/faults/inBox.ts';
import { now } from '../drill/program.ts';
import { percentile } from '../drill/stall.ts';
import { NODES } from '../figure.ts';
import type { SoakRack } from '../soak/run.ts';
import { judgeCuts, type Turn, turnsTo } from './judge.ts';
import { Load } from './load.ts';
import { type Change, type Crowd, EMPTY, type Kind, nextChange, standings } from './plan.ts';
import { type ChurnResult, complaints, told } from './result.ts';

export interface ChurnRack extends SoakRack {
  /** Asks that box's controller what the CLI asks it. @throws TandemError `refused` with its reason, `unreachable` after `limitMs`. */
  ask(box: NodeId, request: ControllerRequest, limitMs: number): Promise<unknown>;
}

export interface ChurnOptions {
  /** 1 to 1440. */
  readonly minutes: number;
  /** Equal seeds make equal changes. */
  readonly seed: number;
  /** From a controller that answers to the SIGKILL that ends it, s, 1 to 3600: each has lived, also where a start takes long. */
  readonly killEvery: number;
  readonly json: boolean;
  readonly out: (line: string) => void;
  readonly progress: (text: string) => void;
}

const MINUTE = 60_000;
/** A question that its controller did not live to answer is asked again. */
const ASK_LIMIT = 8000;
const PAUSE = 500;
const LOOK = 2000;
const MAX_REASONS = 32;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, Math.max(0, ms)));
const count = <K extends string>(counts: Partial<Record<K, number>>, key: K): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** Changes at random under clients' traffic while the controller of the active box is killed again and again. True when nobody noticed. */
export async function churn(rack: ChurnRack, options: ChurnOptions): Promise<boolean> {
  const { minutes, seed, json, out, progress } = options;
  progress('churn: back to the fixed state');
  await rack.reset();
  await rack.warm();
  const first = await lanes(rack);
  const active = NODES.find((node) => first[node]?.role === 'active');
  if (active === undefined) throw new Error('no box is active');
  const before = await rack.document(active);
  const run = new Churn(rack, active, await inForce(rack, active), options);
  const load = await Load.start(rack);
  const begun = now();
  const end = begun + minutes * MINUTE;
  try {
    const parts = [run.change(load, end), run.kill(end), run.look(end, first[active]!.term)];
    // One that breaks off ends the others, or they would go on while the rack is mended.
    const ends = (error: unknown): never => {
      run.stop();
      throw error;
    };
    await Promise.all(parts.map((part) => part.catch(ends)));
    const seen = await load.report();
    const { cuts: ended, touched, ...untouched } = seen;
    const figures = {
      ...{ seed, minutes, active, touched },
      untouched: {
        ...{ requests: untouched.requests, datagrams: untouched.datagrams },
        ...{ connections: untouched.connections, failures: untouched.failures },
      },
      cuts: judgeCuts(ended, run.turns, DRAIN_MS),
      ...run.figures(),
    };
    const result: ChurnResult = { ...figures, ok: complaints(figures).length === 0 };
    for (const line of json ? [JSON.stringify(result)] : told(result)) out(line);
    return result.ok;
  } finally {
    await load.stop();
    await rack.reset();
    await applyToBoth(rack, active, before.text);
  }
}

async function lanes(rack: ChurnRack) {
  const [a, b] = await Promise.all(NODES.map((node) => rack.lane(node)));
  return { a, b };
}

/** What one run does and sees. */
class Churn {
  readonly turns: Turn[] = [];
  readonly #rack: ChurnRack;
  readonly #own: Plain;
  readonly #options: ChurnOptions;
  readonly #changes: Partial<Record<Kind, number>> = {};
  readonly #refused: Record<string, number> = {};
  readonly #wrong: string[] = [];
  readonly #back: number[] = [];
  #askedAgain = 0;
  #kills = 0;
  #missed = 0;
  #takeovers = 0;
  #terms = 0;
  /** Of the floats, as far as is known: who is asked, and whose controller is killed. */
  #owner: NodeId;

  #over = false;

  constructor(rack: ChurnRack, active: NodeId, own: Plain, options: ChurnOptions) {
    this.#rack = rack;
    this.#owner = active;
    this.#own = own;
    this.#options = options;
  }

  stop(): void {
    this.#over = true;
  }

  #until(end: number): boolean {
    return !this.#over && now() < end;
  }

  figures() {
    return {
      ...{ changes: this.#changes, refused: this.#refused, wrong: this.#wrong },
      ...{ askedAgain: this.#askedAgain, kills: this.#kills, missed: this.#missed },
      back_ms: { median: Math.round(percentile(this.#back, 0.5)), longest: Math.round(Math.max(0, ...this.#back)) },
      ...{ takeovers: this.#takeovers, terms: this.#terms },
    };
  }

  /** One change after the other, as fast as they are answered. */
  async change(load: Load, end: number): Promise<void> {
    const chance = seeded(this.#options.seed);
    let crowd: Crowd = EMPTY;
    while (this.#until(end)) {
      const change = nextChange(crowd, chance);
      const next = await this.#make(change, crowd, end);
      await watchNew(load, crowd, next);
      crowd = next;
      await pause(PAUSE);
    }
  }

  /** @returns what stands afterwards. */
  async #make(change: Change, crowd: Crowd, end: number): Promise<Crowd> {
    const mistake = change.kind === 'mistake';
    const asked = now();
    const said = await this.#ask(change, end);
    if (said === 'never answered') {
      // It may be in force all the same, and the run is over.
      this.turns.push(...turnsTo(standings(crowd), standings(change.crowd), asked));
      return change.crowd;
    }
    this.#options.progress(`churn: ${change.kind} ${change.what}: ${said ?? 'done'}`);
    if (said === undefined) {
      count(this.#changes, change.kind);
      if (mistake) this.#complain(`accepted: ${change.what}`);
      this.turns.push(...turnsTo(standings(crowd), standings(change.crowd), asked));
      return change.crowd;
    }
    if (!mistake) this.#complain(`${change.kind} ${change.what} was refused: ${said}`);
    else if (said in this.#refused || Object.keys(this.#refused).length < MAX_REASONS) count(this.#refused, said);
    return crowd;
  }

  /** @returns why it was refused; undefined when it was not. */
  async #ask({ ask }: Change, end: number): Promise<string | undefined> {
    const author = 'churn';
    const request: ControllerRequest =
      ask.do === 'apply' ? { do: 'apply', text: this.#text(ask.services), author } : { ...ask, author };
    for (;;) {
      try {
        await this.#rack.ask(this.#owner, request, ASK_LIMIT);
        return undefined;
      } catch (error) {
        if (!(error instanceof TandemError)) throw error;
        if (error.code !== 'unreachable') return error.message;
        if (!this.#until(end)) return 'never answered';
        this.#askedAgain += 1;
        await pause(PAUSE);
      }
    }
  }

  #text(services: readonly object[]): string {
    return JSON.stringify({ ...this.#own, services: [...this.#own.services, ...services] });
  }

  #complain(text: string): void {
    if (this.#wrong.length < MAX_REASONS) this.#wrong.push(text);
  }

  async kill(end: number): Promise<void> {
    const { killEvery, progress } = this.#options;
    while (now() + killEvery * 1000 < end) {
      await pause(killEvery * 1000);
      if (this.#over) return;
      if (!(await this.#killed())) {
        this.#missed += 1;
        continue;
      }
      this.#kills += 1;
      const killed = now();
      const back = await this.#backWithin(end);
      if (back !== undefined) this.#back.push(back - killed);
      progress(
        `churn: controller killed, ${back === undefined ? 'not back before the end' : `back after ${Math.round(back - killed)} ms`}`,
      );
    }
  }

  /** False when there was none, or the box could not be asked. */
  async #killed(): Promise<boolean> {
    try {
      return (await this.#rack.box(this.#owner).exec(signal('KILL', 'tandem-controller'))).code === 0;
    } catch (error) {
      if (error instanceof TandemError) return false;
      throw error;
    }
  }

  /** When the next controller answered; undefined when it did not before that time. */
  async #backWithin(limit: number): Promise<number | undefined> {
    while (this.#until(limit)) {
      if ((await this.#rack.box(this.#owner).status([])) !== undefined) return now();
      await pause(PAUSE);
    }
    return undefined;
  }

  /** Whether somebody moved. */
  async look(end: number, term: number): Promise<void> {
    while (this.#until(end)) {
      await pause(LOOK);
      const seen = await lanes(this.#rack);
      const other = peerOf(this.#owner);
      if (seen[other]?.role === 'active' && seen[this.#owner]?.role !== 'active') {
        this.#takeovers += 1;
        this.#owner = other;
        const why = seen[other].transitions[0];
        this.#options.progress(`churn: ${other} took the floats: ${why?.cause} (${why?.evidence})`);
      }
      this.#terms = Math.max(this.#terms, ...NODES.map((node) => (seen[node]?.term ?? term) - term));
    }
  }
}

async function watchNew(load: Load, before: Crowd, after: Crowd): Promise<void> {
  const has = (crowd: Crowd, name: string) => crowd.services.some((service) => service.name === name);
  for (const { name, port } of after.services) if (!has(before, name)) await load.watch(name, port);
  for (const { name } of before.services) if (!has(after, name)) await load.unwatch(name);
}
