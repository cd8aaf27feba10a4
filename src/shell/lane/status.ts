import { viewOf } from '../../core/failover/index.ts';
import type { Alarm } from '../../model/pair.ts';
import { BEAT_LINE_BYTES, BITS_PER_BYTE } from '../../model/serialLine.ts';
import type { LaneStatus } from '../../model/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import { heldFloats } from './floats.ts';
import type { LaneRunner } from './lane.ts';

type Link = LaneStatus['links'][number];

/**
 * What the lane knows, for people: role and links from the core, floats from the kernel itself.
 * @param panel the front panel's own alarms.
 */
export function laneStatus(
  runner: LaneRunner,
  network: Network,
  clock: Clock,
  panel: readonly Alarm[] = [],
): LaneStatus {
  const { config } = runner.state();
  const view = viewOf(runner.state(), clock.now());
  return {
    node: config.self,
    role: view.role,
    term: view.term,
    peer: view.peer,
    floats: heldFloats(network, runner.lane().floats),
    nics: view.nics,
    ready: view.ready,
    ...(view.restored === undefined ? {} : { restored: view.restored }),
    ...(view.returns === undefined ? {} : { returns: view.returns }),
    ...(view.hold === undefined ? {} : { hold: view.hold }),
    lateMs: runner.lateMs(),
    links: runner
      .beats()
      .status(runner.state())
      .map((link) => withDirection(link, runner, clock.now())),
    alarms: [...view.alarms, ...panel].map((alarm) => ({ ...alarm })),
    transitions: runner.recorder.transitions(),
  };
}

/** What the twin says of the link, and how full its line is. */
function withDirection(link: Link, runner: LaneRunner, now: number): Link {
  const { config, peer } = runner.state();
  const { baud } = runner.lane().serial;
  const use = ((link.beatsPerSecond ?? 0) * BEAT_LINE_BYTES * BITS_PER_BYTE) / baud;
  return {
    ...link,
    hearsUs: now - peer.links[link.link].echoedAt < config.deadline,
    ...(link.link === 'serial' ? { line: { baud, use } } : {}),
  };
}
