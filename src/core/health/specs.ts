import { type Check, questionOf } from '../../model/check.ts';
import { canonical, type PairDocument, type RealServer, type VirtualService } from '../../model/document.ts';
import type { IpvsState } from '../../model/ipvs.ts';
import { kernelKey } from '../../model/service.ts';
import { byServiceId, serviceId } from '../reconcile/keys.ts';
import { type CheckSpec, RECHECK_MIN_MS } from './types.ts';

/** The check of one server; undefined when its service asks for none and the server always counts as up. */
export function checkOf(service: VirtualService, server: RealServer): CheckSpec | undefined {
  const { check } = service;
  const asked = askedBy(check);
  if (asked === undefined) return undefined;
  const port = 'port' in check && check.port !== undefined ? check.port : server.port;
  const target = `${check.type} ${server.address}${check.type === 'icmp' ? '' : `:${port}`}`;
  return {
    id: `${target} ${asked.words}`,
    question: asked.question,
    address: server.address,
    port: check.type === 'icmp' ? 0 : port,
    interval: check.interval_ms,
    timeout: check.timeout_ms,
    rise: check.rise,
    fall: check.fall,
    retry: check.retry_ms ?? Math.max(RECHECK_MIN_MS, check.interval_ms / 8),
  };
}

interface Asked {
  readonly question: NonNullable<ReturnType<typeof questionOf>>;
  /** Timing and options as text: equal checks have equal words. */
  readonly words: string;
}

/** A service's check is one value for thousands of servers, and is asked about at every change. */
const known = new WeakMap<Check, Asked>();

function askedBy(check: Check): Asked | undefined {
  const before = known.get(check);
  if (before !== undefined) return before;
  const question = questionOf(check);
  if (question === undefined) return undefined;
  const retry = check.retry_ms === undefined ? '' : `/${check.retry_ms}`;
  const { type: _, ...options } = question;
  const further = Object.keys(options).length === 0 ? '' : ` ${canonical(options)}`;
  const words = `${check.interval_ms}/${check.timeout_ms}/${check.rise}/${check.fall}${retry}${further}`;
  const asked = { question, words };
  known.set(check, asked);
  return asked;
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

/** What both boxes, whatever their releases, call the checks of a document: the first server that each is asked of. */
export interface Named {
  /** `web/s2`, by check id. */
  readonly names: ReadonlyMap<string, string>;
  /** The other way round. */
  readonly ids: ReadonlyMap<string, string>;
}

export function checkNames(document: PairDocument): Named {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const service of document.services) {
    for (const server of service.servers) {
      const id = checkOf(service, server)?.id;
      if (id === undefined || names.has(id)) continue;
      const name = `${service.name}/${server.name}`;
      names.set(id, name);
      ids.set(name, id);
    }
  }
  return { names, ids };
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
  const table = byServiceId(kernel.services);
  for (const service of document.services) {
    const standing = table.get(serviceId(kernelKey(service)));
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
