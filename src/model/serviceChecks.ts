import { networkOfSide, ownAddresses } from './addressChecks.ts';
import { takesPort } from './check.ts';
import { checkFaults, checkWarnings } from './checkRules.ts';
import type { RealServer } from './document.ts';
import { LIMITS } from './document.ts';
import type { Fault } from './error.ts';
import { fault, printPath } from './faults.ts';
import { serverKnobFaults, serviceKnobFaults } from './knobChecks.ts';
import { listenChecks } from './listenChecks.ts';
import { byIdentity } from './memo.ts';
import { contains, formatCidr, formatIp, parseIp } from './net.ts';
import { quorumFaults, quorumWarnings } from './quorumRules.ts';
import type { Sound, SoundService } from './salvage.ts';

/** The rules of virtual services and real servers, as the kernel and the packets' way back have them. */

export interface Findings {
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

type Path = readonly (string | number)[];

/** Remembers who used a word first; answers the earlier place when it is taken. */
function firsts() {
  const seen = new Map<string, number>();
  return (word: string, place: number): number | undefined => {
    const first = seen.get(word);
    if (first === undefined) seen.set(word, place);
    return first;
  };
}

/** Where the services of this context that nothing is to be said of were last found so. */
const clean = new WeakMap<SoundService, string>();

/** All that the findings within one service depend on beside itself. */
const contextOf = byIdentity((sound: Sound): string => JSON.stringify({ ...sound, services: [] }));

/** Of one service by itself; what was clean once is not looked through again. */
function ownFindings(sound: Sound, service: SoundService, path: Path): readonly Findings[] {
  const context = contextOf(sound);
  if (clean.get(service) === context) return [];
  const found = [serviceFindings(sound, service, path), serversFindings(sound, service, path)];
  if (found.every(({ faults, warnings }) => faults.length + warnings.length === 0)) clean.set(service, context);
  return found;
}

/** Nothing is to be said of a service by itself. */
export const isClean = (sound: Sound, service: SoundService, index: number): boolean =>
  ownFindings(sound, service, ['services', index]).every(
    ({ faults, warnings }) => faults.length + warnings.length === 0,
  );

/** As `isClean`, of a service that was clean until one of its servers' weights changed: no rule of a server asks for its weight. */
export function isCleanWeighed(sound: Sound, service: SoundService, index: number): boolean {
  const { faults, warnings } = serviceFindings(sound, service, ['services', index]);
  if (faults.length + warnings.length > 0) return false;
  clean.set(service, contextOf(sound));
  return true;
}

const at = (path: Path, server: RealServer, field: keyof RealServer, remedy: string): Fault =>
  fault([...path, field], server[field], remedy);

/** The routers' and floats' own addresses as they are written; the first place of each. */
const ownTexts = byIdentity(
  (sound: Sound) =>
    new Map(
      ownAddresses(sound)
        .toReversed()
        .map((own) => [formatIp(own.cidr.ip), own]),
    ),
);

/** One server against its service and the networks. */
function serverFindings(sound: Sound, service: SoundService, server: RealServer, path: Path): Findings {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const ip = parseIp(server.address);
  const own = ownTexts(sound).get(server.address);
  if (own !== undefined) {
    faults.push(at(path, server, 'address', `give the real server’s own address: ${printPath(own.path)} has this one`));
  }
  const [outer, inner] = [networkOfSide(sound, 'public'), networkOfSide(sound, 'private')];
  if (ip === undefined || outer === undefined || inner === undefined) return { faults, warnings };
  const near = contains(inner, ip) || contains(outer, ip);
  if (server.forwarding === 'masquerade' && ip.family === 4 && own === undefined && !contains(inner, ip)) {
    // A routed server works when its replies come back this way, so this is no fault.
    const remedy = `lies outside the private network ${formatCidr(inner)}: make sure its replies come back through the private float, or clients get no answer`;
    warnings.push(at(path, server, 'address', remedy));
  }
  faults.push(...serverKnobFaults(service, server, path));
  // Without a port the service has a fault of its own.
  const fixed = server.forwarding !== 'masquerade' && service.mark === undefined && service.port !== 0;
  if (fixed && server.port !== service.port) {
    const remedy = `give ${service.port}, as ${printPath(path.slice(0, 2))}.port: ${server.forwarding} forwarding leaves the packet’s port as it is`;
    faults.push(at(path, server, 'port', remedy));
  }
  if (server.forwarding === 'direct' && ip.family === 4 && !near) {
    const remedy = `give an address in ${formatCidr(inner)} or ${formatCidr(outer)}: direct forwarding reaches only a server on the same wire`;
    faults.push(at(path, server, 'address', remedy));
  }
  return { faults, warnings };
}

function serversFindings(sound: Sound, service: SoundService, path: Path): Findings {
  const found: Findings = { faults: [], warnings: [] };
  const keys = firsts();
  const names = firsts();
  for (const [index, server] of service.servers.entries()) {
    if (server === undefined) continue;
    const here: Path = [...path, 'servers', index];
    const of = (place: number): string => printPath([...path, 'servers', place]);
    const key = keys(`${server.address}:${server.port}`, index);
    if (key !== undefined)
      found.faults.push(at(here, server, 'address', `is the same server as ${of(key)}; remove one of them`));
    const name = names(server.name, index);
    if (name !== undefined)
      found.faults.push(at(here, server, 'name', `give another name: ${of(name)}.name is the same`));
    const more = serverFindings(sound, service, server, here);
    found.faults.push(...more.faults);
    found.warnings.push(...more.warnings);
  }
  return found;
}

/** One name for two addresses, in this service or in one before it. */
function nameWarnings(
  service: SoundService,
  index: number,
  elsewhere: Map<string, { readonly address: string; readonly path: Path }>,
): Fault[] {
  return service.servers.flatMap((server, which): Fault[] => {
    if (server === undefined) return [];
    const other = elsewhere.get(server.name);
    if (other === undefined) elsewhere.set(server.name, { address: server.address, path: [index, which] });
    if (other === undefined || other.address === server.address) return [];
    const there = printPath(['services', other.path[0]!, 'servers', other.path[1]!]);
    const remedy = `also names ${other.address}, ${there}: alarms will not tell the two apart; give another name`;
    return [at(['services', index, 'servers', which], server, 'name', remedy)];
  });
}

function serviceFindings(sound: Sound, service: SoundService, path: Path): Findings {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  if (service.one_packet && service.protocol !== 'udp') {
    faults.push(fault([...path, 'one_packet'], true, 'give false: only UDP can be scheduled packet by packet'));
  }
  faults.push(...serviceKnobFaults(service, path));
  const { check } = service;
  if (service.fwmark !== undefined && takesPort(check) && check.port === undefined) {
    faults.push(
      fault([...path, 'check', 'port'], undefined, 'is missing: a firewall mark does not say which port to check'),
    );
  }
  faults.push(...checkFaults(service.check, [...path, 'check']));
  warnings.push(...checkWarnings(service.check, service.protocol, [...path, 'check']));
  faults.push(...quorumFaults(sound, service, path));
  warnings.push(...quorumWarnings(service, path));
  const { slow_start_s: slow = 0 } = service;
  if (slow > 0 && !service.servers.some((server) => server !== undefined && server.weight >= 10)) {
    const remedy = 'has no effect on weights this small: give weights from 10 on, whose tenths are whole';
    warnings.push(fault([...path, 'slow_start_s'], slow, remedy));
  }
  if (service.servers.length === 0) {
    warnings.push(fault([...path, 'servers'], [], 'name at least one real server, or every client is refused'));
  } else if (service.servers.every((server) => server !== undefined && server.weight === 0)) {
    warnings.push(
      fault([...path, 'servers'], 'weight 0 on all', 'give one server a weight above 0, or new clients are refused'),
    );
  }
  return { faults, warnings };
}

export function serviceChecks(sound: Sound): Findings {
  const found: Findings = { faults: [], warnings: [] };
  const names = firsts();
  const servers = new Map<string, { address: string; path: Path }>();
  let total = 0;
  for (const [index, service] of sound.services.entries()) {
    if (service === undefined) continue;
    const path: Path = ['services', index];
    const name = names(service.name, index);
    if (name !== undefined) {
      const remedy = `give another name: ${printPath(['services', name, 'name'])} is the same`;
      found.faults.push(fault([...path, 'name'], service.name, remedy));
    }
    total += service.servers.length;
    for (const more of ownFindings(sound, service, path)) {
      found.faults.push(...more.faults);
      found.warnings.push(...more.warnings);
    }
    found.warnings.push(...nameWarnings(service, index, servers));
  }
  const listening = listenChecks(sound);
  found.faults.push(...listening.faults);
  found.warnings.push(...listening.warnings);
  if (total > LIMITS.servers) {
    const remedy = `give at most ${LIMITS.servers} real servers in the whole document`;
    found.faults.push({ path: 'services', value: `${total} real servers`, remedy });
  }
  return found;
}
