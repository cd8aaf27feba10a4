import type { DriftKind } from '../../model/drift.ts';
import type { Destination, IpvsState, Service, Timeouts } from '../../model/ipvs.ts';
import type { MarkEntry } from '../../model/marks.ts';
import { forward, schedule } from './describe.ts';
import { guardWords } from './guard.ts';
import { serverName, serviceId } from './keys.ts';
import { devicesOf } from './planAll.ts';
import { normal, sysctlsFor, tableFor } from './planSysctls.ts';
import type { DesiredNic, DesiredState, Observation } from './types.ts';

/**
 * The kernel as far as it is ours, one printed value by name: what drift is found by. The name is the kind, a space and the
 * subject. Services, servers, daemons and marks are there or not; each other name that the desired state speaks of always
 * has a value, so that a name without one was never looked at.
 */
export type Facts = ReadonlyMap<string, string>;

export const factName = (kind: DriftKind, subject: string): string => `${kind} ${subject}`;

export function splitFact(name: string): { readonly kind: DriftKind; readonly subject: string } {
  const at = name.indexOf(' ');
  return { kind: name.slice(0, at) as DriftKind, subject: name.slice(at + 1) };
}

/** The marks' own table: while it is not as written, its entries mean nothing. */
export const MARK_TABLE = factName('mark', 'table');
export const INTACT = 'as written';

/** The one table of the firewall and of outbound masquerading. */
export const GUARD = factName('firewall', 'table');

export const addressSubject = ({ device, address, prefix }: DesiredNic): string => `${address}/${prefix} dev ${device}`;
export const DEFAULT_SUBJECT = 'default';

const markSubject = ({ protocol, address, first, last }: MarkEntry): string =>
  `${protocol} ${address} ${first}-${last}`;
export const markName = (entry: MarkEntry): string => factName('mark', markSubject(entry));

type Served = { readonly destinations: readonly Destination[] } & Service;

function putServices(facts: Map<string, string>, services: readonly Served[]): void {
  for (const service of services) {
    const flags = [...service.schedulerFlags].sort();
    const id = serviceId(service);
    facts.set(factName('service', id), schedule({ ...service, schedulerFlags: flags }));
    for (const destination of service.destinations)
      facts.set(factName('server', serverName(id, destination)), forward(destination));
  }
}

function putDaemons(facts: Map<string, string>, daemons: IpvsState['daemons']): void {
  for (const { role, device, syncId } of daemons)
    facts.set(factName('daemon', role), `--mcast-interface ${device} --syncid ${syncId}`);
}

function putMarks(facts: Map<string, string>, entries: readonly MarkEntry[]): void {
  facts.set(MARK_TABLE, INTACT);
  for (const entry of entries) facts.set(markName(entry), String(entry.mark));
}

const timeoutWords = ({ tcp, tcpFin, udp }: Timeouts): string => `${tcp} ${tcpFin} ${udp}`;
const via = (route: { gateway: string | undefined; device: string }): string =>
  `via ${route.gateway ?? 'link'} dev ${route.device}`;

/** @param desired says what is looked at */
export function factsOf(desired: DesiredState, observed: Observation): Facts {
  const facts = new Map<string, string>();
  putServices(facts, observed.ipvs.services);
  putDaemons(facts, observed.ipvs.daemons);
  if (observed.marks.intact) putMarks(facts, observed.marks.entries);
  else if (observed.marks.present) facts.set(MARK_TABLE, 'altered');
  if (observed.guard !== undefined) facts.set(GUARD, guardWords(observed.guard));
  if (desired.timeouts !== undefined) {
    const { timeouts } = observed.ipvs;
    const of = (name: keyof Timeouts): number => timeouts[name] || desired.timeouts![name];
    facts.set('timeouts ', timeoutWords({ tcp: of('tcp'), tcpFin: of('tcpFin'), udp: of('udp') }));
  }
  for (const nic of desired.nics) {
    const link = observed.links.find(({ device }) => device === nic.device);
    facts.set(factName('link', nic.device), link === undefined ? 'missing' : link.admin ? 'up' : 'down');
    const held = observed.addresses.find(
      ({ device, address, prefix }) => device === nic.device && address === nic.address && prefix === nic.prefix,
    );
    const value = held === undefined ? 'not set' : held.validSeconds === undefined ? 'set' : 'set for a time only';
    facts.set(factName('address', addressSubject(nic)), value);
  }
  putRoute(facts, desired, observed);
  for (const { name } of sysctlsFor(devicesOf(desired), tableFor(desired)))
    facts.set(factName('sysctl', name), normal(observed.sysctls[name]) ?? 'missing');
  return facts;
}

function putRoute(facts: Map<string, string>, { gateway }: DesiredState, { routes }: Observation): void {
  if (gateway === undefined) return;
  const defaults = routes.filter(({ destination }) => destination === '0.0.0.0/0').map(via);
  const wanted = via({ gateway: gateway.address, device: gateway.device });
  const value = defaults.includes(wanted) ? wanted : (defaults[0] ?? 'none');
  facts.set(factName('route', DEFAULT_SUBJECT), value);
}

/** The same of a kernel that holds what it should. */
export function wantedFacts(desired: DesiredState): Facts {
  const facts = new Map<string, string>();
  putServices(facts, desired.services);
  putDaemons(facts, desired.daemons);
  if (desired.marks.length > 0) putMarks(facts, desired.marks);
  if (desired.guard !== undefined) facts.set(GUARD, guardWords(desired.guard.normal));
  if (desired.timeouts !== undefined) facts.set('timeouts ', timeoutWords(desired.timeouts));
  for (const nic of desired.nics) {
    facts.set(factName('link', nic.device), 'up');
    facts.set(factName('address', addressSubject(nic)), 'set');
  }
  if (desired.gateway !== undefined) {
    const { address: gateway, device } = desired.gateway;
    facts.set(factName('route', DEFAULT_SUBJECT), via({ gateway, device }));
  }
  for (const { name, value } of sysctlsFor(devicesOf(desired), tableFor(desired)))
    facts.set(factName('sysctl', name), value);
  return facts;
}
