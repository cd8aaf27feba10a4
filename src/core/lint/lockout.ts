import type { PairDocument } from '../../model/document.ts';
import type { Fault } from '../../model/error.ts';
import { fault } from '../../model/faults.ts';
import type { Lane } from '../../model/lane.ts';
import { contains, formatIp, parseCidr, parseIp } from '../../model/net.ts';
import type { Route } from '../../model/network.ts';
import { rangeOf } from '../../model/service.ts';
import { deviceTo } from './routing.ts';

/** From where somebody is logged in, and at which TCP port of this box. */
export interface Login {
  readonly address: string;
  readonly port: number;
}

/**
 * The firewall's fault for who applies it: he is logged in over the public side, and could not log in again. undefined when he
 * could, or comes from elsewhere: the NIC he comes in by is taken to be the one that his answers leave by.
 */
export function lockedOut(
  document: PairDocument,
  lane: Lane,
  routes: readonly Route[],
  { address, port }: Login,
): Fault | undefined {
  const ip = parseIp(address);
  if (document.firewall === undefined || ip === undefined) return undefined;
  const device = deviceTo(routes, address);
  if (device !== lane.nics.public.device && device !== lane.floats.public.device) return undefined;
  const { allow } = document.firewall;
  const lets = allow.some(
    ({ protocol, ports, from }) =>
      protocol === 'tcp' &&
      ports.map(rangeOf).some(({ first, last }) => first <= port && port <= last) &&
      from.map(parseCidr).some((network) => network !== undefined && contains(network, ip)),
  );
  if (lets) return undefined;
  const text = formatIp(ip);
  const remedy =
    `you are logged in from ${text} at TCP port ${port} by ${device}, and could not log in again from there: allow it, ` +
    `\`{ protocol: tcp, ports: [${port}], from: [${text}/${ip.family === 6 ? 128 : 32}] }\``;
  return fault(['firewall', 'allow'], allow, remedy);
}
