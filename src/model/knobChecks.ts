import type { RealServer } from './document.ts';
import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import type { SoundService } from './salvage.ts';
import { familyOf } from './service.ts';

/** The rules between the knobs of one service or one server, as the kernel has them (net/netfilter/ipvs/ip_vs_ctl.c). */

type Path = readonly (string | number)[];

export function serviceKnobFaults(service: SoundService, path: Path): Fault[] {
  const faults: Fault[] = [];
  const say = (field: keyof SoundService & string, value: unknown, remedy: string): void => {
    faults.push(fault([...path, field], value, remedy));
  };
  const { scheduler, persistence_netmask: netmask, persistence_engine: engine } = service;
  for (const [index, flag] of (service.scheduler_flags ?? []).entries()) {
    const owner = flag.slice(0, 2);
    if (owner === scheduler) continue;
    const remedy = `give scheduler: ${owner}, or leave this flag out: ${scheduler} does not know it`;
    faults.push(fault([...path, 'scheduler_flags', index], flag, remedy));
  }
  if (netmask !== undefined) {
    const six = familyOf(service.address) === 6;
    if (service.persistence_s === 0)
      say('persistence_netmask', netmask, 'give persistence_s above 0, or leave this field out');
    else if (six && typeof netmask !== 'number')
      say('persistence_netmask', netmask, 'give a prefix length from 1 to 128: the service is IPv6');
    else if (!six && typeof netmask === 'number')
      say('persistence_netmask', netmask, 'give a netmask like 255.255.255.0: the service is IPv4');
  }
  if (engine !== undefined) {
    if (service.protocol !== 'udp') say('persistence_engine', engine, 'leave this field out: sip is for UDP only');
    else if (service.persistence_s === 0) say('persistence_engine', engine, 'give persistence_s above 0');
  }
  return faults;
}

export function serverKnobFaults(service: SoundService, server: RealServer, path: Path): Fault[] {
  return [
    ...familyFaults(service, server, path),
    ...markedPortFaults(service, server, path),
    ...thresholdFaults(server, path),
    ...tunnelFaults(server, path),
  ];
}

function familyFaults(service: SoundService, server: RealServer, path: Path): Fault[] {
  const family = familyOf(service.address);
  if (familyOf(server.address) === family) return [];
  // The kernel would take a tunnel of another family, but not while sync daemons run, which they do on both routers.
  const why =
    server.forwarding === 'tunnel'
      ? 'a tunnel of another family has no connection sync, so its connections would end with a failover'
      : `${server.forwarding} forwarding keeps the family`;
  return [fault([...path, 'address'], server.address, `give an IPv${family} address, as ${service.name} has: ${why}`)];
}

function markedPortFaults(service: SoundService, server: RealServer, path: Path): Fault[] {
  if (service.mark === undefined || server.port === 0) return [];
  const why =
    server.forwarding !== 'masquerade'
      ? `${server.forwarding} forwarding leaves the packet’s port as it is`
      : service.persistence_s > 0
        ? 'with persistence the kernel keeps the client’s port'
        : undefined;
  if (why === undefined) return [];
  return [
    fault([...path, 'port'], server.port, `leave this field out: ${service.name} goes by a firewall mark, and ${why}`),
  ];
}

function thresholdFaults(server: RealServer, path: Path): Fault[] {
  const { u_threshold: upper = 0, l_threshold: lower = 0 } = server;
  if (lower <= upper) return [];
  const remedy =
    upper === 0
      ? 'give u_threshold too: without an upper threshold there is no lower one'
      : `give at most ${upper}, the upper threshold`;
  return [fault([...path, 'l_threshold'], lower, remedy)];
}

function tunnelFaults(server: RealServer, path: Path): Fault[] {
  const { forwarding, tun_type: type, tun_port: port, tun_csum: checksum } = server;
  const faults: Fault[] = [];
  const say = (field: 'tun_type' | 'tun_port' | 'tun_csum', value: unknown, remedy: string): void => {
    faults.push(fault([...path, field], value, remedy));
  };
  if (forwarding !== 'tunnel') {
    const remedy = `give forwarding: tunnel, or leave this field out: ${forwarding} forwarding has no tunnel`;
    if (type !== undefined) say('tun_type', type, remedy);
    if (port !== undefined) say('tun_port', port, remedy);
    if (checksum !== undefined) say('tun_csum', checksum, remedy);
    return faults;
  }
  if (type === 'gue' && port === undefined)
    say('tun_port', port, 'give the UDP port of the server’s GUE tunnel, like 6080');
  if (type !== 'gue' && port !== undefined) say('tun_port', port, 'give tun_type: gue, or leave this field out');
  if (checksum !== undefined && checksum !== 'none') {
    if (type === undefined || type === 'ipip')
      say('tun_csum', checksum, 'give tun_type: gue or gre, or leave this field out');
    else if (checksum === 'remcsum' && type === 'gre')
      say('tun_csum', checksum, 'give none or csum: remcsum is for gue only');
  }
  return faults;
}
