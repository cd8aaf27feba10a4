import { describeMark } from '../../codec/nft/commands.ts';
import { GUARD_TABLE } from '../../codec/nft/guard.ts';
import type { Destination, DestinationKey, IpvsStep, Service, ServiceKey, Tunnel } from '../../model/ipvs.ts';
import { guardWords } from './guard.ts';
import { endpoint } from './keys.ts';
import type { GuardStep, NetworkStep, Plan, SysctlStep } from './types.ts';

/** Every step of a plan as the command a person would have typed, in the order it runs. */
export function describePlan(plan: Plan): string[] {
  return [
    ...plan.sysctls.map(describeSysctl),
    ...plan.network.map(describeNetwork),
    ...plan.marks.map(describeMark),
    ...plan.guard.map(describeGuard),
    ...plan.ipvs.map((step) => describeStep(step)),
  ];
}

/** In nft(8)'s words; the table's own text is not in it. */
export const describeGuard = ({ table }: GuardStep): string =>
  table === undefined
    ? `nft delete table ${GUARD_TABLE}`
    : `nft replace table ${GUARD_TABLE} (${guardWords(table.normal)})`;

/** As sysctl(8) takes it. */
export const describeSysctl = (step: SysctlStep): string => `sysctl -w ${step.name}="${step.value}"`;

/** As ip(8) takes it. */
export function describeNetwork(step: NetworkStep): string {
  switch (step.op) {
    case 'up':
      return `ip link set dev ${step.device} up`;
    case 'set-address':
      return `ip address replace ${step.address.address}/${step.address.prefix} dev ${step.address.device}`;
    case 'set-route': {
      const via = step.route.gateway === undefined ? '' : ` via ${step.route.gateway}`;
      return `ip route replace ${step.route.destination}${via} dev ${step.route.device}`;
    }
  }
}

/** As ipvsadm(8) takes it, e.g. `-a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 1`. */
export function describeStep(step: IpvsStep): string {
  switch (step.op) {
    case 'add-service':
      return `-A ${virtual(step.service)} ${schedule(step.service)}`;
    case 'edit-service':
      return `-E ${virtual(step.service)} ${schedule(step.service)}`;
    case 'delete-service':
      return `-D ${virtual(step.service)}`;
    case 'add-destination':
      return `-a ${virtual(step.service)} ${real(step.destination)} ${forward(step.destination)}`;
    case 'edit-destination':
      return `-e ${virtual(step.service)} ${real(step.destination)} ${forward(step.destination)}`;
    case 'delete-destination':
      return `-d ${virtual(step.service)} ${real(step.destination)}`;
    case 'start-daemon':
      return `--start-daemon ${step.daemon.role} --mcast-interface ${step.daemon.device} --syncid ${step.daemon.syncId}`;
    case 'stop-daemon':
      return `--stop-daemon ${step.daemon.role}`;
    case 'set-timeouts':
      return `--set ${step.timeouts.tcp} ${step.timeouts.tcpFin} ${step.timeouts.udp}`;
  }
}

const PROTOCOL = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const;
const FORWARDING = { masquerade: '-m', direct: '-g', tunnel: '-i' } as const;

function virtual(key: ServiceKey): string {
  if (key.fwmark === undefined) return `${PROTOCOL[key.protocol]} ${endpoint(key)}`;
  return `-f ${key.fwmark}${key.address.includes(':') ? ' -6' : ''}`;
}

const real = (key: DestinationKey): string => `-r ${endpoint(key)}`;

/** How a service chooses, e.g. `-s wlc -p 300`. */
export function schedule(service: Service): string {
  const words = ['-s', service.scheduler];
  if (service.schedulerFlags.length > 0) words.push('-b', flagNames(service));
  if (service.persistence > 0) words.push('-p', String(service.persistence));
  if (service.netmask !== undefined) words.push('-M', service.netmask);
  if (service.engine !== undefined) words.push('--pe', service.engine);
  if (service.onePacket) words.push('-o');
  return words.join(' ');
}

/** `sh-fallback` for the first flag of sh; a scheduler that gives its flags no names has them by number. */
const flagNames = ({ scheduler, schedulerFlags }: Service): string =>
  schedulerFlags
    .map((flag) => (scheduler === 'sh' || scheduler === 'mh' ? `${scheduler}${FLAG_WORDS[flag]}` : flag))
    .join(',');

const FLAG_WORDS = { 'flag-1': '-fallback', 'flag-2': '-port', 'flag-3': '-flag-3' } as const;

/** How a server is reached and used, e.g. `-m -w 1`. */
export function forward(destination: Destination): string {
  const words: string[] = [FORWARDING[destination.forwarding], '-w', String(destination.weight)];
  if (destination.upper > 0) words.push('-x', String(destination.upper));
  if (destination.lower > 0) words.push('-y', String(destination.lower));
  if (destination.tunnel !== undefined) words.push(tunnelWords(destination.tunnel));
  return words.join(' ');
}

const CHECKSUMS = { none: '--tun-nocsum', csum: '--tun-csum', remcsum: '--tun-remcsum' } as const;

function tunnelWords(tunnel: Tunnel): string {
  const port = tunnel.type === 'gue' ? ` --tun-port ${tunnel.port}` : '';
  return `--tun-type ${tunnel.type}${port} ${CHECKSUMS[tunnel.checksum]}`;
}
