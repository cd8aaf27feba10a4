import type { Beat } from '../../codec/beat.ts';
import { asksForRival, createFailover, type FailoverState, step, wakeAt } from '../../core/failover/index.ts';
import type { FailoverConfig, FailoverEffect, FailoverEvent } from '../../core/failover/types.ts';
import type { Lane } from '../../model/lane.ts';
import { type Hold, type LinkId, SIDES, type Side } from '../../model/pair.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Arp, Network } from '../../ports/network.ts';
import type { HoldStore, RecordStore, TermStore } from '../../ports/store.ts';
import type { Beats } from './beats.ts';
import { addressesOf, dropFloats, heldFloats, moveFloats, setFloats } from './floats.ts';
import { createLateness } from './lateness.ts';
import { createMailbox } from './mailbox.ts';
import { differs } from './panelView.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { saidOnce } from './saidOnce.ts';
import { createSpeaker } from './speaker.ts';

/** Everything the lane touches; the simulator gives its own. */
export interface LanePorts {
  readonly clock: Clock;
  readonly network: Network;
  readonly arp: Arp;
  readonly terms: TermStore;
  /** Where the records of transitions outlive the process; without it they live as long as the lane. */
  readonly records?: RecordStore;
  readonly holds: HoldStore;
  /** Opens the links of a configuration; what arrives goes to `onBeat`. */
  openBeats(lane: Lane, onBeat: (link: LinkId, beat: Beat) => void): Beats;
  /** Writes what ExecStopPost would need, before any float is up. */
  writeRelease(floats: Lane['floats']): void;
  /**
   * Whether a lane that stands still has to be ended at once: true before a float goes up, false once both are gone. Said
   * when it changes, at the start, and with another document.
   * @param deadline of the heartbeat in force, ms.
   */
  guard(holding: boolean, deadline: number): void;
  readonly log: Log;
  /** What a person is shown may have changed; called after all effects of what happened have run. */
  shown?(): void;
  /** The lane can no longer vouch for what the kernel holds: end the process so that the unit's clean-up runs. */
  fail(reason: string): void;
  /** An asked-for end is complete. */
  ended(): void;
}

/** A silent controller: it repeats `ready` every second. ms. */
export const CONTROLLER_SILENT = 3500;

/** Limit on requests waiting for their answer. */
const MAX_REQUESTS = 16;
/** Between two looks at the kernel of which the first failed, ms. */
const LOOK_AGAIN = 100;
/** Looks on end that fail: some two seconds, a float's lifetime. */
const MAX_UNREAD = 20;

/** To an operator: what was done, or why it was not and what would help. */
export interface LaneAnswer {
  readonly ok: boolean;
  readonly text: string;
  readonly remedy?: string;
}

/** The failover core at work on real ports: one mailbox, one timer, effects run in order, those for people last. */
export interface LaneRunner {
  readonly state: () => FailoverState;
  readonly lane: () => Lane;
  readonly beats: () => Beats;
  readonly recorder: Recorder;
  /** The latest that the lane's timer fired in the last 10 s, ms. */
  lateMs(): number;
  /**
   * The controller's word, repeated every second.
   * @param against what clients would lose if the twin had the floats; null = nothing, undefined = it has not judged.
   */
  ready(ready: boolean, against?: string | null): void;
  /** @param by who asks, in words; @param cause as it is recorded. */
  handOver(by: string, cause?: 'hand-over' | 'button'): Promise<LaneAnswer>;
  /** Holds this box, or with undefined ends that; in force at once, and on the disk when the answer is `ok`. */
  hold(hold: Hold | undefined): Promise<LaneAnswer>;
  reconfigure(lane: Lane, config: FailoverConfig): void;
  shutdown(): void;
}

export function runLane(ports: LanePorts, first: Lane, config: FailoverConfig): LaneRunner {
  const { clock, network, arp, terms, holds } = ports;
  const recorder = createRecorder(clock, ports.log, ports.records);
  const lateness = createLateness();
  const speaker = createSpeaker(clock, arp, () => lane.floats, unspoken);
  const refused = saidOnce(ports.log, clock.now);
  const requests = new Map<number, (answer: LaneAnswer) => void>();
  let lane = first;
  let requestCount = 0;
  let hearing = false;
  let timer: Cancel = () => {};
  let armed = Number.NaN;
  let controllerTimer: Cancel = () => {};
  let watches: (() => void)[] = [];
  let guarded = false;
  /** Looks on end that failed, by what they were for. */
  const unread = new Map<string, number>();

  ports.writeRelease(lane.floats);
  // A lane that starts owns nothing: what a predecessor left would be a float without a keeper.
  dropFloats(network, lane.floats);
  ports.guard(false, first.deadlineMs);
  const loaded = terms.load();
  if (loaded.damaged)
    ports.log(`the persisted term is damaged: starting from ${loaded.term} and learning it from the twin`);
  let state = createFailover(config, { term: loaded.term, hold: holds.load() }, clock.now());
  let told = state;

  const mailbox = createMailbox<FailoverEvent>(handle, () => {
    if (differs(told, state)) {
      told = state;
      ports.shown?.();
    }
    recorder.settle(state, state.at);
    const wake = wakeAt(state);
    // Most events leave the next wake-up where it was.
    if (wake === armed) return;
    timer();
    armed = wake;
    timer = clock.at(wake, () => {
      armed = Number.NaN;
      const now = clock.now();
      lateness.note(wake, now);
      recorder.late(now - wake, state.config.interval, now);
      post({ type: 'tick' });
    });
  });

  /** Any event may end in a judgment, and silence is judged by what has come in, not by what somebody found the time to deliver. */
  function post(event: FailoverEvent): void {
    const asking = state.hunt !== undefined || asksForRival(state, clock.now());
    if (asking && !hearing) {
      hearing = true;
      try {
        arp.hear();
        beats.look();
      } finally {
        hearing = false;
      }
    }
    mailbox.post(event);
  }

  function handle(event: FailoverEvent): void {
    const now = clock.now();
    const before = state;
    const stepped = step(before, event, now);
    state = stepped.state;
    let announcedAt: number | undefined;
    for (const effect of stepped.effects) {
      if (!isLast(effect)) run(effect);
      if (effect.type === 'announce') announcedAt = clock.now();
    }
    recorder.stepped(before, event, state, now);
    for (const effect of stepped.effects) {
      recorder.effect(effect, now);
      if (isLast(effect)) run(effect);
    }
    if (announcedAt !== undefined) recorder.announced(announcedAt);
  }

  function run(effect: FailoverEffect): void {
    switch (effect.type) {
      case 'beat':
        beats.send(effect.beat);
        break;
      case 'persist':
        terms.save(effect.term).then(
          () => post({ type: 'persisted', term: effect.term }),
          (error: unknown) => refused(reason(error), `term ${effect.term} was not persisted: ${reason(error)}`),
        );
        break;
      case 'install':
        install(effect.term);
        break;
      case 'drop':
        drop();
        break;
      case 'renew':
        renew();
        break;
      case 'probe':
        speaker.probe();
        break;
      case 'announce':
        speaker.announce();
        break;
      case 'ask':
        speaker.ask(effect.neighbours);
        break;
      case 'restored':
        recorder.restored(effect.restored);
        break;
      case 'record':
        recorder.transition(effect.transition, state, beats.status(state));
        break;
      case 'alarm':
        recorder.alarm(effect.alarm, effect.raised);
        break;
      case 'answer':
        answer(effect.request, effect);
        break;
      case 'keep-hold':
        keepHold(effect.request, effect.hold, effect.text);
        break;
      case 'ended':
        recorder.finish(state, state.at);
        ports.ended();
        break;
    }
  }

  function answer(request: number, { ok, text, remedy }: LaneAnswer): void {
    requests.get(request)?.({ ok, text, ...(remedy === undefined ? {} : { remedy }) });
    requests.delete(request);
  }

  function keepHold(request: number, hold: Hold | undefined, text: string): void {
    ports.log(`${text} (${hold === undefined ? 'resumed' : `${hold.by}: ${hold.reason}`})`);
    holds.save(hold).then(
      () => answer(request, { ok: true, text }),
      (error: unknown) => {
        const failed = `${text}, but only until the service restarts: ${reason(error)}`;
        ports.log(failed);
        answer(request, { ok: false, text: failed, remedy: 'see to the disk and say it again' });
      },
    );
  }

  /** Posts what `event` makes of a new request's number. */
  function asked(event: (request: number) => FailoverEvent): Promise<LaneAnswer> {
    if (requests.size >= MAX_REQUESTS) return Promise.resolve({ ok: false, text: 'too many requests are waiting' });
    requestCount += 1;
    const request = requestCount;
    return new Promise((resolve) => {
      requests.set(request, resolve);
      post(event(request));
    });
  }

  function guard(holding: boolean): void {
    if (holding === guarded) return;
    guarded = holding;
    ports.guard(holding, lane.deadlineMs);
  }

  function install(term: number): void {
    guard(true);
    try {
      setFloats(network, lane.floats);
      post({ type: 'installed', term });
    } catch (error) {
      drop();
      post({ type: 'install-failed', term, reason: reason(error) });
    }
  }

  function drop(): void {
    speaker.hush();
    try {
      dropFloats(network, lane.floats);
      guard(false);
      post({ type: 'dropped' });
    } catch (error) {
      ports.fail(`the floats could not be dropped: ${reason(error)}`);
    }
  }

  function renew(): void {
    try {
      setFloats(network, lane.floats);
    } catch (error) {
      ports.log(`the floats could not be renewed: ${reason(error)}`);
    }
    lookAtFloats();
  }

  function lookAtFloats(): void {
    // A float is held when it is whole, and left behind when any of it is there.
    const how = state.role === 'standby' ? 'any' : 'whole';
    const held = seen('the addresses', () => heldFloats(network, lane.floats, how), lookAtFloats);
    if (held !== undefined) post({ type: 'floats', held });
  }

  /**
   * What `read` finds in the kernel. One look that fails is made again, and must not end a lane whose floats serve; a kernel that stays
   * unreadable does.
   */
  function seen<T>(what: string, read: () => T, again: () => void): T | undefined {
    try {
      const found = read();
      unread.delete(what);
      return found;
    } catch (error) {
      const times = (unread.get(what) ?? 0) + 1;
      unread.set(what, times);
      const text = `${what} could not be read: ${reason(error)}`;
      if (times >= MAX_UNREAD) ports.fail(`${text}, ${times} times on end`);
      else {
        refused(what, text);
        clock.at(clock.now() + LOOK_AGAIN, again);
      }
      return undefined;
    }
  }

  /** A probe that could not leave proves nothing, so the NIC counts as down until the kernel shows it up again. */
  function unspoken(side: Side, what: string, error: unknown): void {
    ports.log(`${what} failed: ${reason(error)}`);
    post({ type: 'nic', side, up: false });
    clock.at(clock.now() + LOOK_AGAIN, lookAtNics);
  }

  function lookAtNics(): void {
    const links = seen('the links', () => network.links(), lookAtNics);
    if (links === undefined) return;
    for (const side of SIDES) {
      const nic = links.find((link) => link.device === lane.nics[side].device);
      post({ type: 'nic', side, up: (nic?.admin ?? false) && (nic?.carrier ?? false) });
    }
  }

  function watch(): void {
    watches = [
      network.watch((change) => {
        if (change !== 'address') lookAtNics();
        if (change !== 'link') lookAtFloats();
      }),
      ...SIDES.flatMap((side: Side) =>
        addressesOf(lane.floats[side]).map((address) =>
          arp.watch(
            lane.floats[side].device,
            address,
            (claim) => post({ type: 'claim', side, mac: claim.mac }),
            (probe) => post({ type: 'rival', side, mac: probe.mac }),
          ),
        ),
      ),
      ...SIDES.map((side: Side) =>
        arp.watchAnswers(lane.floats[side].device, lane.floats[side].address, (address) =>
          post({ type: 'resolved', side, address }),
        ),
      ),
    ];
  }

  const onBeat = (link: LinkId, beat: Beat): void => post({ type: 'beat', link, beat });
  let beats = ports.openBeats(lane, onBeat);
  watch();
  lookAtNics();
  post({ type: 'tick' });

  return {
    state: () => state,
    lane: () => lane,
    beats: () => beats,
    recorder,
    lateMs: () => lateness.worst(clock.now()),
    ready(ready, against) {
      controllerTimer();
      controllerTimer = clock.at(clock.now() + CONTROLLER_SILENT, () => post({ type: 'controller', ready: undefined }));
      post({ type: 'controller', ready, against });
    },
    handOver: (by, cause = 'hand-over') => asked((request) => ({ type: 'hand-over', request, by, cause })),
    hold: (hold) => asked((request) => ({ type: 'hold', request, hold })),
    reconfigure(next, nextConfig) {
      const before = lane;
      ports.writeRelease(next.floats);
      const held = heldFloats(network, before.floats, 'any');
      lane = next;
      ports.guard(guarded, lane.deadlineMs);
      if (held.public || held.private) moveFloats(network, before.floats, next.floats);
      for (const close of watches) close();
      beats.close();
      beats = ports.openBeats(lane, onBeat);
      watch();
      post({ type: 'reconfigured', config: nextConfig });
      lookAtNics();
    },
    shutdown: () => post({ type: 'shutdown' }),
  };
}

/** For people, who can wait; the neighbours and the twin cannot. Without `ended` last, the last record would not be kept. */
const FOR_PEOPLE: readonly FailoverEffect['type'][] = ['record', 'restored', 'alarm', 'ended'];
const isLast = ({ type }: FailoverEffect): boolean => FOR_PEOPLE.includes(type);

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
