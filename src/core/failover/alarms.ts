import { saysHeld } from '../../codec/beat.ts';
import { type Alarm, type AlarmCode, peerOf, SIDES } from '../../model/pair.ts';
import { damping, WRONG_FOR, wrongMoves } from './damping.ts';
import { holdText } from './hold.ts';
import { unresolved } from './neighbours.ts';
import { diskStuck } from './promise.ts';
import { peerHeard, peerSilent, silentAt } from './silence.ts';
import { stallsOften, stallsText } from './stalls.ts';
import type { FailoverState } from './state.ts';
import { emit, patch, type Turn } from './turn.ts';

/** How long a contested float stays an alarm after the last foreign claim, ms. */
const CONTESTED = 5000;

interface Condition extends Alarm {
  /** How long it must hold before it is worth a person's eye, ms. */
  readonly after: number;
}

/** Raises and clears each alarm once per change. */
export function updateAlarms(turn: Turn): void {
  const { state, now } = turn;
  const found = conditions(state, now);
  // All is well and was well: so it is nearly always.
  if (found.length === 0 && state.alarms.length === 0 && Object.keys(state.alarmSince).length === 0) return;
  const since: Record<string, number> = {};
  const alarms: Alarm[] = [];
  for (const { after, ...alarm } of found) {
    const key = keyOf(alarm);
    const from = state.alarmSince[key] ?? now;
    since[key] = from;
    if (now - from >= after) alarms.push(alarm);
  }
  const gone = state.alarms.filter((old) => !alarms.some((alarm) => keyOf(alarm) === keyOf(old)));
  const fresh = alarms.filter(
    (alarm) => !state.alarms.some((old) => keyOf(old) === keyOf(alarm) && old.text === alarm.text),
  );
  for (const alarm of gone) emit(turn, { type: 'alarm', alarm, raised: false });
  for (const alarm of fresh) emit(turn, { type: 'alarm', alarm, raised: true });
  patch(turn, { alarmSince: since, ...(gone.length + fresh.length > 0 ? { alarms } : {}) });
}

const keyOf = (alarm: Alarm): string => `${alarm.code} ${alarm.subject}`;

function conditions(state: FailoverState, now: number): Condition[] {
  const { config } = state;
  const found: Condition[] = [];
  const add = (code: AlarmCode, subject: string, after: number, text: string): void => {
    found.push({ code, subject, text, after });
  };
  const twin = peerOf(config.self);

  if (peerSilent(state, now)) {
    add(
      'peer-silent',
      '',
      0,
      `${twin} is silent on every link (${config.links.join(', ')}): ${slowed(state, now) ?? 'see whether it has power'}`,
    );
    if (state.hunt !== undefined && now - state.hunt.answeredAt < 3 * config.probeBackOff) {
      add(
        'peer-silent-floats-answer',
        '',
        0,
        `${twin} is silent on every link while the floats answer: it owns them still, mend the heartbeat links`,
      );
    }
  } else if (peerHeard(state, now)) {
    addLinks(state, now, add);
    if (state.peer.beat?.revision !== config.revision) {
      add('revision-differs', '', config.alarmAfter, `${twin} runs another revision of the document: apply it again`);
    }
  }
  if (state.hold !== undefined) add('held', config.self, 0, holdText(config.self, state.hold));
  // As it last said: a box that is opened for work is silent for a while, and held all the same.
  if (state.peer.beat !== undefined && saysHeld(state.peer.beat)) {
    add('held', twin, 0, `${twin} is held by an operator: it neither takes the floats nor gives them up by itself`);
  }
  // Ours, or nobody's by the word of both nodes; what comes within a beat of that may be the twin's, on its way or not told yet.
  const concernedFrom = (state.own?.since ?? state.ownerlessSince ?? Number.POSITIVE_INFINITY) + config.interval;
  for (const side of SIDES) {
    if (!state.nics[side]) add('nic-down', side, config.deadline, `the ${side} NIC has no carrier: see to its cable`);
    if (state.claimedAt[side] >= concernedFrom && now - state.claimedAt[side] < CONTESTED) {
      add(
        'floats-contested',
        side,
        0,
        `another machine answers for the ${side} float: find it and take the address away`,
      );
    }
  }
  for (const { address } of unresolved(state, now)) {
    add(
      'neighbour-unresolved',
      address,
      0,
      `the gateway ${address} has not answered this box since it took the floats`,
    );
  }
  if (diskStuck(state, now)) {
    add(
      'not-ready',
      'disk',
      config.alarmAfter,
      'the term cannot be written, so this node cannot take over: see to the disk',
    );
  }
  if (stallsOften(state, now)) add('lane-late', '', 0, stallsText(state));
  if (!state.controllerHeard) {
    add('controller-silent', '', config.unreadyAfter, 'the controller is silent: the kernel tables stay as they are');
  } else if (!state.ready) {
    add('not-ready', '', config.alarmAfter, 'sysctls, IPVS table or routes are not in place: this node cannot serve');
  }
  return found;
}

/** Why this node lets the floats lie that it could take by now. */
function slowed(state: FailoverState, now: number): string | undefined {
  const longer = damping(state, now);
  if (state.hunt === undefined || now >= silentAt(state) + longer) return undefined;
  const wrong = `${wrongMoves(state, now)} moves within ${WRONG_FOR / 1000} s were wrong`;
  return `${wrong}, so the next waits ${longer} ms longer: mend the heartbeat links and the LANs`;
}

function addLinks(
  state: FailoverState,
  now: number,
  add: (code: AlarmCode, subject: string, after: number, text: string) => void,
): void {
  const { config, peer } = state;
  const twin = peerOf(config.self);
  for (const link of config.links) {
    if (now - peer.links[link].at >= config.deadline) {
      add('link-silent', link, config.alarmAfter, `${twin} is not heard on the ${link} link`);
    } else if (now - peer.links[link].echoedAt >= config.deadline) {
      add('link-silent', link, config.alarmAfter, `${twin} does not hear this node on the ${link} link`);
    }
  }
}
