import type { DesiredState, NetworkStep, Observation } from './types.ts';

export interface NetworkPlan {
  readonly steps: readonly NetworkStep[];
  /** What stands on these NICs that nobody here asked for. It is left alone: another service may live by it. */
  readonly warnings: readonly string[];
}

const DEFAULT_ROUTE = '0.0.0.0/0';

/**
 * Each NIC up with its own address, and the default route. The floats are the pair lane's: neither set nor removed
 * here. Nothing is ever taken away.
 */
export function planNetwork(
  desired: Pick<DesiredState, 'nics' | 'floats' | 'gateway'>,
  observed: Pick<Observation, 'addresses' | 'links' | 'routes'>,
): NetworkPlan {
  const up: NetworkStep[] = [];
  const addresses: NetworkStep[] = [];
  const warnings: string[] = [];
  const down = new Set<string>();

  for (const nic of desired.nics) {
    const link = observed.links.find((candidate) => candidate.device === nic.device);
    const first = desired.nics.find((each) => each.device === nic.device) === nic;
    if (!first) {
      // Its device has been seen to.
    } else if (link === undefined) {
      warnings.push(`this box has no NIC named ${nic.device}`);
    } else if (!link.admin) {
      down.add(nic.device);
      up.push({ op: 'up', device: nic.device });
    }
    const present = observed.addresses.some(
      (entry) =>
        entry.device === nic.device &&
        entry.address === nic.address &&
        entry.prefix === nic.prefix &&
        entry.validSeconds === undefined,
    );
    if (!present)
      addresses.push({
        op: 'set-address',
        address: { ...nic, label: nic.address.includes(':') ? '' : nic.device, validSeconds: undefined },
      });
    if (first) warnings.push(...foreign(desired, observed, nic.device));
  }
  return { steps: [...up, ...addresses, ...gatewayStep(desired, observed, down)], warnings };
}

function gatewayStep(
  desired: Pick<DesiredState, 'gateway'>,
  observed: Pick<Observation, 'routes'>,
  down: ReadonlySet<string>,
): NetworkStep[] {
  const { gateway } = desired;
  if (gateway === undefined) return [];
  const present = observed.routes.some(
    (route) =>
      route.destination === DEFAULT_ROUTE && route.gateway === gateway.address && route.device === gateway.device,
  );
  // A NIC that goes down loses its routes: bringing it up and setting the route belong together.
  if (present && !down.has(gateway.device)) return [];
  const route = { destination: DEFAULT_ROUTE, gateway: gateway.address, device: gateway.device };
  return [{ op: 'set-route', route }];
}

function foreign(
  desired: Pick<DesiredState, 'nics' | 'floats'>,
  observed: Pick<Observation, 'addresses'>,
  device: string,
): string[] {
  return observed.addresses
    .filter(
      (entry) =>
        entry.device === device &&
        !entry.address.startsWith('fe80:') &&
        !desired.floats.some((float) => float.address === entry.address) &&
        !desired.nics.some(
          (nic) => nic.device === device && nic.address === entry.address && nic.prefix === entry.prefix,
        ),
    )
    .map((entry) => `${entry.address}/${entry.prefix} on ${device} is not in the document and is left alone`);
}
