import type {
  Destination,
  IpvsState,
  IpvsStep,
  ObservedDestination,
  ObservedService,
  Service,
  SyncDaemon,
  Timeouts,
  Tunnel,
} from '../../model/ipvs.ts';
import { destinationId, destinationKey, drainKey, serviceId, serviceKey } from './keys.ts';
import type { DesiredService, DesiredState, Drains } from './types.ts';

export interface IpvsPlan {
  readonly steps: readonly IpvsStep[];
  /** Servers still on their way out after these steps. */
  readonly drains: Drains;
}

/**
 * The ordered steps from what the kernel holds to what it should hold, by identity: nothing that is right is touched.
 *
 * Order within a service: additions, then raised weights, then lowered ones, then deletions, so that a service which
 * has a server before and after has one throughout. Services are added before any is emptied.
 *
 * A server nobody asks for is quiesced first (weight 0) and deleted in a later pass, when its connections are gone or
 * `drainMs` after it was first seen unwanted: the connection that arrived between reading and deleting is not cut.
 * A service nobody asks for goes the same way, after its last server.
 * @param now monotonic ms
 */
export function planIpvs(
  desired: Pick<DesiredState, 'services' | 'daemons' | 'drainMs'> & Partial<Pick<DesiredState, 'timeouts'>>,
  observed: IpvsState,
  drains: Drains,
  now: number,
): IpvsPlan {
  const present = new Map(observed.services.map((service) => [serviceId(service), service]));
  const wanted = new Set(desired.services.map(serviceId));
  const added: IpvsStep[] = [];
  const edited: IpvsStep[] = [];
  const removed: IpvsStep[] = [];
  const left: Record<string, number> = {};
  const leave: Leaving = { drains, left, now, drainMs: desired.drainMs };

  for (const service of desired.services) {
    const old = present.get(serviceId(service));
    if (old === undefined) added.push(...addService(service));
    else edited.push(...editService(service, old, leave));
  }
  for (const service of observed.services) {
    if (!wanted.has(serviceId(service))) removed.push(...removeService(service, leave));
  }
  const steps = [
    ...planDaemons(desired.daemons, observed.daemons),
    ...planTimeouts(desired.timeouts, observed.timeouts),
    ...added,
    ...edited,
    ...removed,
  ];
  return { steps, drains: left };
}

interface Leaving {
  readonly drains: Drains;
  readonly left: Record<string, number>;
  readonly now: number;
  readonly drainMs: number;
}

function addService(service: DesiredService): IpvsStep[] {
  const key = serviceKey(service);
  return [
    { op: 'add-service', service: plainService(service) },
    ...service.destinations.map(
      (destination): IpvsStep => ({ op: 'add-destination', service: key, destination: plainDestination(destination) }),
    ),
  ];
}

function editService(service: DesiredService, old: ObservedService, leave: Leaving): IpvsStep[] {
  const key = serviceKey(service);
  const present = new Map(old.destinations.map((destination) => [destinationId(destination), destination]));
  const wanted = new Set(service.destinations.map(destinationId));
  const failed = new Set(service.failed.map(destinationId));
  const head: IpvsStep[] = sameService(service, old) ? [] : [{ op: 'edit-service', service: plainService(service) }];
  const additions: IpvsStep[] = [];
  const raised: IpvsStep[] = [];
  const lowered: IpvsStep[] = [];
  const gone: IpvsStep[] = [];

  for (const destination of service.destinations) {
    const was = present.get(destinationId(destination));
    if (was === undefined) {
      additions.push({ op: 'add-destination', service: key, destination: plainDestination(destination) });
    } else if (!sameDestination(destination, was)) {
      const step: IpvsStep = { op: 'edit-destination', service: key, destination: plainDestination(destination) };
      (destination.weight >= was.weight ? raised : lowered).push(step);
    }
  }
  for (const destination of old.destinations) {
    if (wanted.has(destinationId(destination))) continue;
    if (failed.has(destinationId(destination))) {
      gone.push({ op: 'delete-destination', service: key, destination: destinationKey(destination) });
    } else gone.push(...removeDestination(old, destination, leave));
  }
  return [...head, ...additions, ...raised, ...lowered, ...gone];
}

function removeService(service: ObservedService, leave: Leaving): IpvsStep[] {
  const steps = service.destinations.flatMap((destination) => removeDestination(service, destination, leave));
  const emptied = steps.length === service.destinations.length && steps.every((s) => s.op === 'delete-destination');
  return emptied ? [...steps, { op: 'delete-service', service: serviceKey(service) }] : steps;
}

function removeDestination(service: ObservedService, destination: ObservedDestination, leave: Leaving): IpvsStep[] {
  const name = drainKey(service, destination);
  const since = leave.drains[name] ?? leave.now;
  const key = serviceKey(service);
  if (destination.weight !== 0) {
    leave.left[name] = since;
    return [{ op: 'edit-destination', service: key, destination: { ...plainDestination(destination), weight: 0 } }];
  }
  // Persistence templates do not count: at weight 0 they send nobody here any more (expire_quiescent_template).
  if (destination.active + destination.inactive > 0 && leave.now - since < leave.drainMs) {
    leave.left[name] = since;
    return [];
  }
  return [{ op: 'delete-destination', service: key, destination: destinationKey(destination) }];
}

/** Of the whole table, not of a service; a value that the kernel does not have (0) is no difference. */
function planTimeouts(desired: Timeouts | undefined, observed: Timeouts): IpvsStep[] {
  if (desired === undefined) return [];
  const same = (['tcp', 'tcpFin', 'udp'] as const).every(
    (name) => observed[name] === 0 || observed[name] === desired[name],
  );
  return same ? [] : [{ op: 'set-timeouts', timeouts: desired }];
}

/** A daemon on the wrong NIC or with the wrong id stops before the right one starts: the kernel holds one of each role. */
function planDaemons(desired: readonly SyncDaemon[], observed: readonly SyncDaemon[]): IpvsStep[] {
  const same = (one: SyncDaemon, other: SyncDaemon): boolean =>
    one.role === other.role && one.device === other.device && one.syncId === other.syncId;
  const stop = observed.filter((daemon) => !desired.some((other) => same(daemon, other)));
  const start = desired.filter((daemon) => !observed.some((other) => same(daemon, other)));
  return [
    ...stop.map((daemon): IpvsStep => ({ op: 'stop-daemon', daemon })),
    ...start.map((daemon): IpvsStep => ({ op: 'start-daemon', daemon })),
  ];
}

export function sameService(one: Service, other: Service): boolean {
  return (
    one.scheduler === other.scheduler &&
    one.persistence === other.persistence &&
    one.onePacket === other.onePacket &&
    one.netmask === other.netmask &&
    one.engine === other.engine &&
    [...one.schedulerFlags].sort().join() === [...other.schedulerFlags].sort().join()
  );
}

export function sameDestination(one: Destination, other: Destination): boolean {
  return (
    one.forwarding === other.forwarding &&
    one.weight === other.weight &&
    one.upper === other.upper &&
    one.lower === other.lower &&
    sameTunnel(one.tunnel, other.tunnel)
  );
}

function sameTunnel(one: Tunnel | undefined, other: Tunnel | undefined): boolean {
  if (one?.type !== other?.type || one?.checksum !== other?.checksum) return false;
  return one?.type !== 'gue' || other?.type !== 'gue' || one.port === other.port;
}

const plainService = (service: Service): Service => ({
  ...serviceKey(service),
  scheduler: service.scheduler,
  schedulerFlags: service.schedulerFlags,
  persistence: service.persistence,
  onePacket: service.onePacket,
  ...(service.netmask === undefined ? {} : { netmask: service.netmask }),
  ...(service.engine === undefined ? {} : { engine: service.engine }),
});

export const plainDestination = (destination: Destination): Destination => ({
  ...destinationKey(destination),
  forwarding: destination.forwarding,
  weight: destination.weight,
  upper: destination.upper,
  lower: destination.lower,
  ...(destination.tunnel === undefined ? {} : { tunnel: destination.tunnel }),
});
