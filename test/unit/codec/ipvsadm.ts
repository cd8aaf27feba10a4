import type { Forwarding, IpvsState, ObservedService } from '../../../src/model/ipvs.ts';

/** The table in ipvsadm(8)'s words. */

const PROTOCOL_OPTIONS = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const;
const FORWARDING_OPTIONS: Readonly<Record<Forwarding, string>> = { masquerade: '-m', direct: '-g', tunnel: '-i' };

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function serviceLine(service: ObservedService): string {
  const words = [
    '-A',
    PROTOCOL_OPTIONS[service.protocol],
    endpoint(service.address, service.port),
    '-s',
    service.scheduler,
  ];
  if (service.persistence > 0) words.push('-p', String(service.persistence));
  const named = {
    'flag-1': `${service.scheduler}-fallback`,
    'flag-2': `${service.scheduler}-port`,
    'flag-3': 'flag-3',
  };
  if (service.schedulerFlags.length > 0) words.push('-b', service.schedulerFlags.map((flag) => named[flag]).join(','));
  if (service.onePacket) words.push('-o');
  return words.join(' ');
}

function destinationLines(service: ObservedService): string[] {
  const head = ['-a', PROTOCOL_OPTIONS[service.protocol], endpoint(service.address, service.port), '-r'];
  return service.destinations.map(({ address, port, forwarding, weight }) => {
    const tunnel = forwarding === 'tunnel' ? ['--tun-type', 'ipip'] : [];
    return [...head, endpoint(address, port), FORWARDING_OPTIONS[forwarding], '-w', String(weight), ...tunnel].join(
      ' ',
    );
  });
}

/** A state in the words of `ipvsadm -Sn`, sorted. */
export const savedAs = (state: IpvsState): string[] =>
  state.services.flatMap((service) => [serviceLine(service), ...destinationLines(service)]).sort();
