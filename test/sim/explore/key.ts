import type { Beat } from '../../../src/codec/beat.ts';
import { WRONG_FOR } from '../../../src/core/failover/damping.ts';
import { wakeAt } from '../../../src/core/failover/index.ts';
import type { FailoverState, Hunt } from '../../../src/core/failover/state.ts';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import { clockOf, type Model, type Way } from './model.ts';

/**
 * A model as text, such that two with the same text go on in the same way: times count from now, numbers of beats from
 * their sender's latest, and what no decision looks at (words for people, alarms, what is past every deadline) is left out.
 */
export function keyOf(model: Model): string {
  return JSON.stringify([
    siteKey(model, 'a'),
    siteKey(model, 'b'),
    ahead(model.excusedUntil, model.now),
    model.faults,
    model.violation,
  ]);
}

/** 53 bits of a text (two 32-bit hashes, multiplied as MurmurHash3 does): of a million texts two share one with a chance of 1 : 18,000. */
export function hashOf(text: string): number {
  let one = 0x9e3779b9;
  let two = 0x5bd1e995;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    one = Math.imul(one ^ code, 0x85ebca6b);
    one ^= one >>> 15;
    two = Math.imul(two ^ code, 0xc2b2ae35);
    two ^= two >>> 13;
  }
  return (two & 0x1fffff) * 2 ** 32 + (one >>> 0);
}

/** ms still to come; what is past is past. */
const ahead = (time: number, now: number): number | string => (time === Infinity ? 'never' : Math.max(0, time - now));

/** ms since; more than `most` makes no difference. */
const age = (time: number, now: number, most: number): number | string =>
  time === -Infinity ? 'never' : Math.min(most, now - time);

function siteKey(model: Model, node: NodeId): unknown[] {
  const site = model.sites[node];
  const { now } = model;
  return [
    site.powered,
    site.boots,
    site.held,
    site.disk,
    site.writing && [site.writing.term, site.writing.by - now],
    ahead(site.stillUntil, now),
    ahead(site.lateUntil, now),
    ahead(site.cleanUpAt, now),
    ahead(site.restartAt, now),
    site.half,
    wayKey(model.beats[node], now, (beat) => beatKey(model, beat)),
    wayKey(model.arp[node], now, (packet) => packet),
    site.core && coreKey(model, node, site.core),
  ];
}

function wayKey<T>(way: Way<T>, now: number, of: (what: T) => unknown): unknown[] {
  return [way.cut, ahead(way.heldUntil, now), way.queue.map(({ what, by }) => [of(what), by - now])];
}

/** A beat's number, counted back from the latest of its sender's present lane. */
function number(model: Model, sender: NodeId, boot: string, sequence: number): unknown {
  const core = model.sites[sender].core;
  if (sequence === 0) return 'none';
  return core?.config.boot === boot ? core.sequence - sequence : [boot, sequence];
}

function beatKey(model: Model, beat: Beat): unknown[] {
  return [
    number(model, beat.from, beat.boot, beat.sequence),
    beat.boot,
    flagsKey(beat),
    beat.hearing,
    number(model, peerOf(beat.from), beat.hearing, beat.heard.serial),
  ];
}

const flagsKey = (beat: Beat): unknown[] => [
  beat.term,
  beat.role,
  beat.publicUp && beat.privateUp,
  beat.ready,
  beat.handingOver,
  beat.prepared,
  beat.granted,
];

const huntKey = (hunt: Hunt | undefined, now: number): unknown =>
  hunt && [
    age(hunt.since, now, 2000),
    Math.min(hunt.unanswered, 4),
    hunt.unanswered > 0 && age(hunt.firstAt, now, 100),
    age(hunt.lastAt, now, 200),
    hunt.answered,
    ahead(hunt.nextAt, now),
    hunt.gap,
  ];

/** Of our beats, those that the twin may still echo: what it heard last, or says in a beat under way, and what came after. */
function echoable(model: Model, node: NodeId, core: FailoverState, now: number): unknown[] {
  const { boot, deadline } = core.config;
  const said = model.beats[peerOf(node)].queue.filter(({ what }) => what.hearing === boot);
  let oldest = said.reduce((least, { what }) => Math.min(least, what.heard.serial || least), Infinity);
  const twin = model.sites[peerOf(node)].core?.peer;
  if (twin?.boot === boot) oldest = Math.min(oldest, twin.links.serial.sequence);
  else if (twin?.candidate?.boot === boot) oldest = Math.min(oldest, twin.candidate.heard.serial);
  else if (said.length === 0) oldest = 0;
  return core.sent
    .filter(({ sequence, at }) => sequence >= oldest && now - at <= 2 * deadline)
    .map(({ sequence, at }) => [core.sequence - sequence, now - at]);
}

/** What is known of the twin, and since when. */
function peerKey(model: Model, node: NodeId, core: FailoverState, now: number): unknown[] {
  const { peer, config, windowStart, startedAt, take } = core;
  const twin = peerOf(node);
  const { serial } = peer.links;
  const { beat, candidate } = peer;
  return [
    peer.boot,
    peer.past,
    number(model, twin, peer.boot, serial.sequence),
    age(serial.at, now, 1000),
    beat && [number(model, twin, beat.boot, beat.sequence), beat.boot, beat.hearing, flagsKey(beat)],
    // Consent is a beat that echoes what was sent since the take began.
    beat && take && number(model, node, config.boot, beat.heard.serial),
    age(peer.echoAt, now, 2 * config.deadline + 1),
    candidate && [
      candidate.boot,
      age(candidate.at, now, config.deadline),
      number(model, twin, candidate.boot, candidate.heard.serial),
    ],
    windowStart > serial.at && age(windowStart, now, 1000),
    serial.at === -Infinity && age(startedAt, now, config.startupListen),
  ];
}

function coreKey(model: Model, node: NodeId, core: FailoverState): unknown[] {
  const now = clockOf(model, node);
  const { own, take, release, handOver, config, saving, claimedAt } = core;
  return [
    core.role,
    core.term,
    core.promise,
    saving && [saving.term, age(saving.since, now, 501), age(saving.at, now, 1001)],
    wakeAt(core) - now,
    echoable(model, node, core, now),
    core.lastBeat && flagsKey(core.lastBeat),
    core.nextBeatAt - now,
    [core.nics, core.ready, core.controllerHeard, core.ready || age(core.unreadySince, now, config.unreadyAfter)],
    peerKey(model, node, core, now),
    core.ownerlessSince === undefined ? '' : age(core.ownerlessSince, now, config.alarmAfter),
    huntKey(core.hunt, now),
    take && [take.phase, take.term, age(take.since, now, 1000), core.sequence - take.sequence],
    // Claims are forgotten when a node comes to own.
    own && [
      own.term,
      own.renewAt - now,
      own.announceAt - now,
      Math.min(own.announced, 5),
      age(own.announcedAt, now, 1000),
      own.guardAt - now,
      age(own.guardedAt, now, 100),
      huntKey(own.doubt, now),
      age(Math.max(claimedAt.public, claimedAt.private), now, 2001),
      age(core.contestedSince, now, 2001),
    ],
    release && [release.term, age(release.askedAt, now, 500)],
    handOver && [handOver.phase, handOver.term, handOver.until - now, handOver.request],
    ahead(core.handOverAfter, now),
    ahead(core.holdUntil, now),
    age(core.rivalAt, now, 100),
    core.wrongMoves.map((at) => age(at, now, WRONG_FOR)),
    own?.over ?? take?.over,
    core.ending,
    core.ended,
  ];
}
