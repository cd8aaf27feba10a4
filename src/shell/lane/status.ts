import { viewOf } from '../../core/failover/index.ts';
import type { Alarm } from '../../model/pair.ts';
import type { LaneStatus } from '../../model/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import { heldFloats } from './floats.ts';
import type { LaneRunner } from './lane.ts';

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
    lateMs: runner.lateMs(),
    links: runner.beats().status(runner.state()),
    alarms: [...view.alarms, ...panel].map((alarm) => ({ ...alarm })),
    transitions: runner.recorder.transitions(),
  };
}
