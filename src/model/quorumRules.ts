import { ownAddresses } from './addressChecks.ts';
import type { Fault } from './error.ts';
import { fault, printPath } from './faults.ts';
import { formatIp } from './net.ts';
import type { Sound, SoundService } from './salvage.ts';

type Path = readonly (string | number)[];

/** The rules between a service's sorry server and its quorum. */
export function quorumFaults(sound: Sound, service: SoundService, path: Path): Fault[] {
  const faults: Fault[] = [];
  const { sorry_server: sorry, quorum = 1, quorum_hysteresis: margin } = service;
  if (sorry === undefined) {
    for (const field of ['quorum', 'quorum_by', 'quorum_hysteresis'] as const) {
      if (service[field] === undefined) continue;
      const remedy = 'leave it out, or name a sorry_server: without one every live server is used';
      faults.push(fault([...path, field], service[field], remedy));
    }
    return faults;
  }
  if (margin !== undefined && margin >= quorum) {
    const remedy = `give less than the quorum, ${quorum}: or it is lost only with the last server`;
    faults.push(fault([...path, 'quorum_hysteresis'], margin, remedy));
  }
  const here: Path = [...path, 'sorry_server'];
  const own = ownAddresses(sound).find(({ cidr }) => formatIp(cidr.ip) === sorry.address);
  if (own !== undefined) {
    const remedy = `give the sorry server’s own address: ${printPath(own.path)} has this one`;
    faults.push(fault([...here, 'address'], sorry.address, remedy));
  }
  const index = service.servers.findIndex((each) => each?.address === sorry.address && each.port === sorry.port);
  if (index >= 0) {
    const remedy = `give one that is not among the real servers: ${printPath([...path, 'servers', index])} is the same`;
    faults.push(fault([...here, 'address'], sorry.address, remedy));
  }
  if (sorry.forwarding !== 'masquerade' && sorry.port !== service.port) {
    const remedy = `give ${service.port}, as ${printPath(path)}.port: ${sorry.forwarding} forwarding leaves the packet’s port as it is`;
    faults.push(fault([...here, 'port'], sorry.port, remedy));
  }
  return faults;
}

/** A quorum that all servers together do not make, or do not make again (`core/health/quorum.ts`). */
export function quorumWarnings(service: SoundService, path: Path): Fault[] {
  const { sorry_server: sorry, quorum = 1, quorum_by: by, quorum_hysteresis: margin = 0, servers } = service;
  if (sorry === undefined || servers.length === 0 || servers.includes(undefined)) return [];
  const weights = servers.map((server) => server?.weight ?? 0);
  const all = weights.reduce((sum, weight) => sum + (by === 'servers' ? Math.sign(weight) : weight), 0);
  if (quorum > all) {
    const remedy = `is more than the ${all} that all servers make together: give at most ${all}, or clients always get the sorry server`;
    return [fault([...path, 'quorum'], quorum, remedy)];
  }
  if (quorum + margin <= all) return [];
  const remedy =
    `with the quorum, ${quorum}, is more than the ${all} that all servers make together: give at most ${all - quorum}, ` +
    'or a quorum that was lost once never comes back';
  return [fault([...path, 'quorum_hysteresis'], margin, remedy)];
}
