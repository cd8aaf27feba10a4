import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import { familyOf, listeningText } from '../../model/service.ts';

/** What the real servers of a service have to be told, by forwarding method and operating system. */

const withoutPrefix = (address: string): string => address.split('/')[0] ?? '';

const vipsOf = (service: VirtualService): readonly string[] =>
  service.fwmark === undefined ? (service.addresses ?? [service.address]) : ['VIP'];

const heading = (server: RealServer): string =>
  `${server.name} ${server.address}${server.port === 0 ? '' : ` port ${server.port}`}`;

/** Lines for a terminal; a block for each forwarding method in use. */
export function explainService(document: PairDocument, service: VirtualService): string[] {
  const lines = [`${service.name}: ${service.protocol} ${listeningText(service)}, scheduler ${service.scheduler}`];
  const groups = new Map<string, RealServer[]>();
  for (const server of service.servers) {
    const kind = server.forwarding === 'tunnel' ? `tunnel (${server.tun_type ?? 'ipip'})` : server.forwarding;
    groups.set(kind, [...(groups.get(kind) ?? []), server]);
  }
  if (groups.size === 0) lines.push('', 'It has no real servers.');
  for (const [kind, servers] of groups) {
    const [first] = servers;
    if (first === undefined) continue;
    lines.push('', `${kind}: ${servers.map(heading).join(', ')}`, ...needsOf(document, service, first));
  }
  if (service.mark !== undefined && service.fwmark === undefined) {
    lines.push('', 'The servers listen on the ports that clients use, unless a server has a port of its own.');
  }
  return lines;
}

function needsOf(document: PairDocument, service: VirtualService, server: RealServer): string[] {
  switch (server.forwarding) {
    case 'masquerade':
      return masquerade(document, server);
    case 'direct':
      return direct(vipsOf(service));
    case 'tunnel':
      return tunnel(document, vipsOf(service), server);
  }
}

function masquerade(document: PairDocument, server: RealServer): string[] {
  if (familyOf(server.address) === 6) {
    return [
      '  Replies must come back through the router that serves: its IPv6 default route leads to an address that moves with',
      '  the floats. Nothing else is needed; any operating system will do.',
    ];
  }
  const float = withoutPrefix(document.floats.private.address);
  return [
    `  Its default route is the private float ${float}, or replies pass the router by. Nothing else is needed.`,
    `  Linux    ip route replace default via ${float}`,
    `  FreeBSD  route change default ${float}; sysrc defaultrouter="${float}"`,
    `  Windows  route -p change 0.0.0.0 mask 0.0.0.0 ${float}`,
    '  Clients in the servers’ own network, and servers that call the service themselves, get their replies directly and do',
    '  not work: give them another service. `tandem lint` names those that it has seen.',
  ];
}

/** The VIP on loopback, where nobody’s ARP finds it. */
function direct(vips: readonly string[]): string[] {
  const lines = [
    '  It holds the VIP on loopback without answering ARP for it, and replies to clients by its own gateway, not by the',
    '  routers. It is on one wire with the routers and listens on the port that clients use.',
  ];
  for (const vip of vips) {
    if (vip.includes(':')) {
      lines.push(
        `  Linux    ip -6 address add ${vip}/128 dev lo`,
        `  FreeBSD  ifconfig lo0 inet6 ${vip} prefixlen 128 alias`,
        `  Windows  netsh interface ipv6 add address "Loopback" ${vip}/128  (on a Microsoft KM-TEST loopback adapter)`,
      );
      continue;
    }
    lines.push(
      `  Linux    ip address add ${vip}/32 dev lo`,
      `  FreeBSD  ifconfig lo0 alias ${vip} netmask 255.255.255.255`,
      `  Windows  netsh interface ipv4 add address "Loopback" ${vip} 255.255.255.255  (on a Microsoft KM-TEST loopback adapter)`,
    );
  }
  return [
    ...lines,
    ...(vips.every((vip) => vip.includes(':')) ? [] : [ARP]),
    '  Windows  netsh interface ipv4 set interface NIC weakhostreceive=enabled weakhostsend=enabled  (on both adapters)',
  ];
}

const ARP = '  Linux    sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2';

function tunnel(document: PairDocument, vips: readonly string[], server: RealServer): string[] {
  const device = { ipip: 'tunl0', gue: 'tunl0', gre: 'gre0' }[server.tun_type ?? 'ipip'];
  const port = server.tun_port ?? 6080;
  const receive = {
    ipip: '  Linux    modprobe ipip; ip link set tunl0 up',
    gue: `  Linux    modprobe -a ipip fou; ip fou add port ${port} gue; ip link set tunl0 up`,
    gre: '  Linux    modprobe ip_gre; ip link set gre0 up',
  }[server.tun_type ?? 'ipip'];
  const routers = (['a', 'b'] as const).map((id) => withoutPrefix(document.nodes[id].private));
  const bsd =
    (server.tun_type ?? 'ipip') === 'gue'
      ? ['  FreeBSD  has no GUE: give tun_type ipip']
      : routers.map((router, index) => {
          const name = `${server.tun_type === 'gre' ? 'gre' : 'gif'}${index}`;
          return `  FreeBSD  ifconfig ${name} create tunnel ${server.address} ${router} up  (one for each router)`;
        });
  return [
    '  It takes the routers’ packets out of the tunnel, holds the VIP on the tunnel device, and replies to clients by its own',
    '  gateway, not by the routers. It listens on the port that clients use. The tunnel takes 20 bytes (IPIP), 24 (GRE) or',
    '  32 (GUE) of each packet: give the path that much more MTU, or its servers a smaller MSS.',
    receive,
    ...vips.map((vip) => `  Linux    ip address add ${vip}/${vip.includes(':') ? 128 : 32} dev ${device}`),
    ARP,
    `  Linux    sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.${device}.rp_filter=0`,
    ...bsd,
    ...vips.map(
      (vip) => `  FreeBSD  ifconfig lo0 ${vip.includes(':') ? `inet6 ${vip} prefixlen 128 alias` : `alias ${vip}/32`}`,
    ),
    '  Windows  takes no such tunnel: give it masquerade or direct forwarding',
  ];
}
