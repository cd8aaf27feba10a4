import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import { type IpvsState, sameKey } from '../../model/ipvs.ts';
import { kernelKey } from '../../model/service.ts';
import type { CheckSpec } from './types.ts';

/** The check of one server; undefined when its service asks for none and the server always counts as up. */
export function checkOf(service: VirtualService, server: RealServer): CheckSpec | undefined {
  const { check } = service;
  if (check.type === 'none') return undefined;
  const port = check.port ?? server.port;
  const timing = `${check.interval_ms}/${check.timeout_ms}/${check.rise}/${check.fall}`;
  return {
    id: `${check.type} ${server.address}:${port} ${timing}`,
    address: server.address,
    port,
    interval: check.interval_ms,
    timeout: check.timeout_ms,
    rise: check.rise,
    fall: check.fall,
  };
}

/** Every check of a document once. */
export function checksOf(document: PairDocument): CheckSpec[] {
  const specs = new Map<string, CheckSpec>();
  for (const service of document.services) {
    for (const server of service.servers) {
      const spec = checkOf(service, server);
      if (spec !== undefined) specs.set(spec.id, spec);
    }
  }
  return [...specs.values()];
}

/**
 * What the kernel's table says of each check's servers, for a process that starts beside a table that runs: weight above 0
 * = up; weight 0 or missing from a service that stands = down. A service the kernel lacks says nothing, and neither does
 * a server whose document weight is 0 or that an operator has drained. One check shared by several servers is up when any of them is.
 */
export function adoptedVerdicts(
  document: PairDocument,
  kernel: IpvsState,
  isDrained: (service: VirtualService, server: RealServer) => boolean = () => false,
): Record<string, 'up' | 'down'> {
  const adopted: Record<string, 'up' | 'down'> = {};
  for (const service of document.services) {
    const standing = kernel.services.find((entry) => sameKey(entry, kernelKey(service)));
    if (standing === undefined) continue;
    const weights = new Map(standing.destinations.map((entry) => [`${entry.address}:${entry.port}`, entry.weight]));
    for (const server of service.servers) {
      const spec = checkOf(service, server);
      if (spec === undefined || server.weight === 0 || isDrained(service, server)) continue;
      const used = (weights.get(`${server.address}:${server.port}`) ?? 0) > 0;
      if (used || adopted[spec.id] === undefined) adopted[spec.id] = used ? 'up' : 'down';
    }
  }
  return adopted;
}
