import type { Beat } from '../../../../src/codec/beat.ts';
import {
  createFailover,
  defaultTiming,
  type FailoverState,
  step,
  wakeAt,
} from '../../../../src/core/failover/index.ts';
import type { FailoverConfig, FailoverEffect, FailoverEvent } from '../../../../src/core/failover/types.ts';
import { type Hold, type LinkId, type NodeId, peerOf } from '../../../../src/model/pair.ts';

export const LINKS: readonly LinkId[] = ['serial', 'public', 'private'];
export const BOOT: Readonly<Record<NodeId, string>> = { a: 'aaaaaaaaaaaaaaaa', b: 'bbbbbbbbbbbbbbbb' };

export function config(self: NodeId, part: Partial<FailoverConfig> = {}): FailoverConfig {
  return { self, pair: 7, boot: BOOT[self], revision: 1, links: LINKS, ...defaultTiming(20, 100), ...part };
}

/** One core driven by hand: every effect is noted with its time; the disk and the kernel answer when told to. */
export class Driven {
  state: FailoverState;
  now: number;
  readonly log: { at: number; effect: FailoverEffect }[] = [];
  /** Answers to `persist`, `install` and `drop` come at once. */
  obliging = true;
  /** Both floats are answered for by another machine 1 ms after each probe. */
  floatsAnswer = false;
  /** The twin, when set: called for each beat of ours, answers with parts of its own. */
  twin: ((beat: Beat) => Partial<Beat> | undefined) | undefined;
  twinSequence = 0;
  twinBoot: string;
  /** The twin hears us. */
  twinHears = true;
  readonly #waiting: FailoverEvent[] = [];
  #busy = false;

  constructor(self: NodeId, term = 0, part: Partial<FailoverConfig> = {}, now = 1000, hold?: Hold) {
    this.now = now;
    this.twinBoot = BOOT[peerOf(self)];
    this.state = createFailover(config(self, part), { term, hold }, now);
  }

  fit(): this {
    this.give({ type: 'nic', side: 'public', up: true });
    this.give({ type: 'nic', side: 'private', up: true });
    this.give({ type: 'controller', ready: true, against: null });
    return this;
  }

  /** Like the shell's mailbox: what an effect brings about is handled after the step that caused it. */
  give(event: FailoverEvent): void {
    this.#waiting.push(event);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const stepped = step(this.state, next, this.now);
      this.state = stepped.state;
      for (const effect of stepped.effects) {
        this.log.push({ at: this.now, effect });
        this.answer(effect);
      }
    }
    this.#busy = false;
  }

  answer(effect: FailoverEffect): void {
    if (effect.type === 'beat') {
      const said = this.twin?.(effect.beat);
      if (said !== undefined) this.hear(said);
    }
    if (effect.type === 'probe' && this.floatsAnswer) {
      this.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:99' });
      this.give({ type: 'claim', side: 'private', mac: '02:00:00:00:00:99' });
    }
    if (!this.obliging) return;
    if (effect.type === 'persist') this.give({ type: 'persisted', term: effect.term });
    if (effect.type === 'install') this.give({ type: 'installed', term: effect.term });
    if (effect.type === 'drop') this.give({ type: 'dropped' });
  }

  /** Time passes; every wake-up the core asks for comes on time. */
  run(ms: number): this {
    const end = this.now + ms;
    for (;;) {
      const wake = wakeAt(this.state);
      if (wake > end) break;
      this.now = Math.max(this.now, wake);
      this.give({ type: 'tick' });
    }
    this.now = end;
    return this;
  }

  /** A beat of the twin, one sequence after its last, on every link. */
  hear(part: Partial<Beat> = {}, links: readonly LinkId[] = LINKS): void {
    this.twinSequence += 1;
    const beat = this.beat(part);
    for (const link of links) this.give({ type: 'beat', link, beat });
  }

  beat(part: Partial<Beat> = {}): Beat {
    const { self, pair, boot } = this.state.config;
    const word = this.twinHears ? this.state.sequence : 0;
    return {
      version: 1,
      speaks: 1,
      pair,
      from: peerOf(self),
      boot: this.twinBoot,
      sequence: this.twinSequence,
      term: 0,
      role: 'standby',
      publicUp: true,
      privateUp: true,
      ready: true,
      handingOver: false,
      prepared: 0,
      granted: 0,
      revision: 1,
      hearing: word === 0 ? '' : boot,
      heard: { serial: word, heartbeat: 0, public: word, private: word },
      ...part,
    };
  }

  effects<T extends FailoverEffect['type']>(type: T): { at: number; effect: FailoverEffect & { type: T } }[] {
    return this.log.filter((entry): entry is { at: number; effect: FailoverEffect & { type: T } } => {
      return entry.effect.type === type;
    });
  }

  alarms(): string[] {
    return this.state.alarms.map((alarm) => (alarm.subject === '' ? alarm.code : `${alarm.code} ${alarm.subject}`));
  }

  lastTransition(): { from: string; to: string; cause: string; term: number; evidence: string } | undefined {
    return this.effects('record').at(-1)?.effect.transition;
  }
}
