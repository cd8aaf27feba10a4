import type { ObservedDestination, ObservedService } from '../../model/ipvs.ts';
import { serviceId } from './keys.ts';
import { sameDestination, sameService } from './planIpvs.ts';
import type { ReconcileState } from './state.ts';
import type { Observation } from './types.ts';

/**
 * A look that says what the last one said, which found nothing to do: whatever follows from it is known. Nearly every look is
 * such, once a second, and for ten thousand servers judging and planning would cost more than reading them.
 */
export function isQuiet(state: ReconcileState, look: NonNullable<ReconcileState['quiet']>): boolean {
  const { quiet } = state;
  if (quiet === undefined || quiet.desired !== look.desired || !state.verified || state.passes > 0) return false;
  // What is under way goes on by time and by counters, not by what the kernel holds.
  const busy = state.touched.size + state.left.size + state.open.size + state.fights.size + state.fresh.length;
  if (busy > 0 || state.held || Object.keys(state.drains).length > 0) return false;
  return saysTheSame(quiet.observation, look.observation);
}

/** Apart from counters and from how long an address still lives. */
function saysTheSame(one: Observation, other: Observation): boolean {
  const { ipvs, addresses, ...rest } = one;
  const { ipvs: ipvs2, addresses: addresses2, ...rest2 } = other;
  return (
    alike(addresses.map(withoutAge), addresses2.map(withoutAge)) &&
    alike(rest, rest2) &&
    alike(ipvs.daemons, ipvs2.daemons) &&
    alike(ipvs.timeouts, ipvs2.timeouts) &&
    pairwise(ipvs.services, ipvs2.services, alikeService)
  );
}

const alike = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const withoutAge = (address: Observation['addresses'][number]) => ({
  ...address,
  validSeconds: address.validSeconds !== undefined,
});

const pairwise = <T>(one: readonly T[], other: readonly T[], same: (one: T, other: T) => boolean): boolean =>
  one === other ||
  (one.length === other.length && one.every((value, at) => value === other[at] || same(value, other[at]!)));

const alikeService = (one: ObservedService, other: ObservedService): boolean =>
  serviceId(one) === serviceId(other) &&
  sameService(one, other) &&
  pairwise(one.destinations, other.destinations, alikeDestination);

const alikeDestination = (one: ObservedDestination, other: ObservedDestination): boolean =>
  one.address === other.address && one.port === other.port && sameDestination(one, other);
