import type { IpvsState } from '../../model/ipvs.ts';
import { destinationId, endpoint, serviceId } from './keys.ts';
import type { Plan } from './types.ts';

/** What a step does to the connections that run. */
export interface Impact {
  /** e.g. `tcp 198.51.100.10:80`. */
  readonly service: string;
  /** e.g. `192.0.2.11:8080`. */
  readonly server: string;
  /** `quiesced`: they go on, no new ones come. `cut`: they end with the step. */
  readonly effect: 'quiesced' | 'cut';
  /** Active and inactive ones, as the kernel counts them. */
  readonly connections: number;
}

/** The connections a plan would touch, server by server; what is merely reweighted is not listed. */
export function impactOf(plan: Plan, observed: IpvsState): Impact[] {
  const services = new Map(observed.services.map((service) => [serviceId(service), service]));
  return plan.ipvs.flatMap((step): Impact[] => {
    const cut = step.op === 'delete-destination';
    const quiesced = step.op === 'edit-destination' && step.destination.weight === 0;
    if (!cut && !quiesced) return [];
    const old = services
      .get(serviceId(step.service))
      ?.destinations.find((entry) => destinationId(entry) === destinationId(step.destination));
    if (old === undefined || (quiesced && old.weight === 0)) return [];
    return [
      {
        service: serviceId(step.service),
        server: endpoint(step.destination),
        effect: cut ? 'cut' : 'quiesced',
        connections: old.active + old.inactive,
      },
    ];
  });
}
