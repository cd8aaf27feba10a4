import type { Destination, IpvsStep } from '../../model/ipvs.ts';
import { destinationId, serviceId, serviceKey } from './keys.ts';
import { plainDestination, sameDestination, sameService } from './planIpvs.ts';
import type { DesiredService, DesiredState } from './types.ts';

/**
 * The steps from one desired state to another that differ in nothing but weights; undefined when they differ in more. A
 * weight that turns is most of what ever happens (a check, a drain, a ramp, an operator), and the kernel, which held the
 * one at the last look, need not be read through for it first. In the order of `planIpvs`.
 */
export function planWeights(before: DesiredState, after: DesiredState): readonly IpvsStep[] | undefined {
  if (before.services.length !== after.services.length || frame(before) !== frame(after)) return undefined;
  const steps: IpvsStep[] = [];
  for (const [index, service] of after.services.entries()) {
    const more = ofService(before.services[index]!, service);
    if (more === undefined) return undefined;
    steps.push(...more);
  }
  return steps;
}

/** Everything but the services. */
const frame = (desired: DesiredState): string => JSON.stringify({ ...desired, services: [] });

const NONE: readonly IpvsStep[] = [];

function ofService(before: DesiredService, after: DesiredService): readonly IpvsStep[] | undefined {
  if (before === after) return NONE;
  const { destinations } = after;
  if (serviceId(before) !== serviceId(after) || !sameService(before, after)) return undefined;
  if (before.destinations.length !== destinations.length || !sameFailed(before, after)) return undefined;
  const raised: Destination[] = [];
  const lowered: Destination[] = [];
  for (const [index, destination] of destinations.entries()) {
    const was = before.destinations[index]!;
    if (destination.address !== was.address || destination.port !== was.port) return undefined;
    if (sameDestination(was, destination)) continue;
    if (!sameDestination({ ...was, weight: destination.weight }, destination)) return undefined;
    (destination.weight > was.weight ? raised : lowered).push(destination);
  }
  const service = serviceKey(after);
  return [...raised, ...lowered].map((one) => ({
    op: 'edit-destination',
    service,
    destination: plainDestination(one),
  }));
}

const sameFailed = (one: DesiredService, other: DesiredService): boolean =>
  one.failed.length === other.failed.length &&
  one.failed.every((server, index) => destinationId(server) === destinationId(other.failed[index]!));
