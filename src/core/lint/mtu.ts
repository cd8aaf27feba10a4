import type { PairDocument, RealServer } from '../../model/document.ts';
import { type Finding, someOf } from '../../model/lint.ts';
import { contains, parseCidr, parseIp } from '../../model/net.ts';
import { familyOf } from '../../model/service.ts';
import type { NicLook } from './nic.ts';

/** Largest packets that do not fit together: of the two routers, of the two sides, and of tunnels. */

/** Of one side, this router's and the twin's. */
export function mtuOfTwins(nics: readonly NicLook[], twin: 'a' | 'b'): Finding[] {
  return nics.flatMap(({ side, device, own, twin: other }) =>
    other === undefined || other.mtu === own.mtu
      ? []
      : [
          {
            code: 'mtu-differs' as const,
            subject: side,
            text: `the ${side} side has an MTU of ${own.mtu} here (${device}) and of ${other.mtu} on ${twin}`,
          },
        ],
  );
}

/** Of this router's two sides. */
export function mtuOfSides(nics: readonly NicLook[]): Finding[] {
  const [outer, inner] = (['public', 'private'] as const).map((side) => nics.find((nic) => nic.side === side));
  if (outer === undefined || inner === undefined || outer.own.mtu === inner.own.mtu) return [];
  const text = `${outer.device} has an MTU of ${outer.own.mtu}, ${inner.device} of ${inner.own.mtu}`;
  return [{ code: 'mtu-sides', subject: `${outer.device}, ${inner.device}`, text }];
}

const HEADER = { ipip: 0, gre: 4, gue: 12 } as const;

/** Bytes that the tunnel to a server takes of each packet: the outer IP header and its own (ip_vs_xmit.c). */
export const tunnelBytes = ({ address, tun_type: type = 'ipip' }: Pick<RealServer, 'address' | 'tun_type'>): number =>
  (familyOf(address) === 6 ? 40 : 20) + HEADER[type];

/** Tunnels into which a full packet of the public side does not fit, a finding for each service. */
export function mtuOfTunnels(document: PairDocument, nics: readonly NicLook[]): Finding[] {
  const outer = nics.find(({ side }) => side === 'public');
  const inner = nics.find(({ side }) => side === 'private');
  if (outer === undefined || inner === undefined) return [];
  const network = parseCidr(document.nodes.a.public);
  return document.services.flatMap((service): Finding[] => {
    const tight = service.servers.flatMap((server) => {
      if (server.forwarding !== 'tunnel') return [];
      const ip = parseIp(server.address);
      const way = network !== undefined && ip !== undefined && contains(network, ip) ? outer : inner;
      const room = way.own.mtu - tunnelBytes(server);
      return room >= outer.own.mtu ? [] : [{ name: server.name, way, room, bytes: tunnelBytes(server) }];
    });
    const [first] = tight;
    if (first === undefined) return [];
    const text =
      `${outer.device} takes packets of ${outer.own.mtu} bytes, and ${first.room} fit into the tunnel on ${first.way.device} ` +
      `(MTU ${first.way.own.mtu}, header ${first.bytes}) to ${someOf(tight.map(({ name }) => name))}`;
    return [{ code: 'mtu-tunnel', subject: service.name, text }];
  });
}
