import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, sh } from '../netns.ts';
import { featureBench, type Raw, SPACES, server, service, VIP, VIP6 } from './bench.ts';

/**
 * Direct routing and tunnels: the real servers hold the VIP themselves and answer past the router, over a wire of their own
 * to the client.
 */

/** The client’s address of IPv6; its second wire does not answer for it, so the servers are told where it is. */
const CLIENT6 = '2001:db8::1';

const { serve, talk } = featureBench(
  [80],
  `
    modprobe -a ipip ip_gre fou
    ${SPACES.map(
      (space, index) => `
        ip link add out netns ${space} type veth peer name back${index} netns f-client
        ip -n ${space} link set out up; ip -n f-client link set back${index} up
        ip -n ${space} route del default; ip -n ${space} route add 203.0.113.0/24 dev out
        ip netns exec ${space} sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
        ip netns exec ${space} sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
        ip -n ${space} addr add ${VIP}/32 dev lo
        ip -n f-client link set back${index} address 02:00:00:00:01:0${index}
        ip -n ${space} -6 addr add ${VIP6}/128 dev lo nodad
        ip -n ${space} -6 route del default; ip -n ${space} -6 route add ${CLIENT6}/128 dev out
        ip -n ${space} -6 neigh add ${CLIENT6} lladdr 02:00:00:00:01:0${index} dev out nud permanent
      `,
    ).join('')}
  `,
);

const two = (more: Raw): Raw[] => [server(11, more), server(12, more)];

/** Both servers have answered as the VIP; they know no way through the router. */
async function answersPast(vip = VIP, client?: string): Promise<void> {
  const heard = [await talk(80, client, vip), await talk(80, client, vip)];
  assert.deepEqual(heard.map(({ name }) => name).sort(), ['s1', 's2']);
  for (const { to } of heard) assert.equal(to, vip, 'the packet still is for the VIP');
}

test('Direct routing: the server holds the VIP and answers the client past the router, by packets', async () => {
  serve(service({ port: 80, servers: two({ forwarding: 'direct' }) }));
  await answersPast();
});

test('Direct routing: servers of an IPv6 VIP do the same, by packets', async () => {
  const servers = [11, 12].map((last) => ({ name: `s${last}`, address: `2001:db8:1::${last}`, forwarding: 'direct' }));
  serve(service({ address: VIP6, port: 80, servers }));
  await answersPast(VIP6, CLIENT6);
});

interface Statistics {
  readonly stats64: { readonly rx: { readonly packets: number } };
}

const received = (space: string): number =>
  json<Statistics[]>(`ip -n ${space} -s -j link show dev tun`)[0]!.stats64.rx.packets;

/** How the servers take the packets out again: kernel devices that know nothing of IPVS. */
const TUNNELS: Readonly<Record<string, readonly [string, string]>> = {
  ipip: ['type ipip', ''],
  gre: ['type gre', ''],
  'gre with csum': ['type gre icsum', ''],
  gue: ['type ipip', '6080'],
  'gue with csum': ['type ipip', '6080'],
  'gue with remcsum': ['type ipip', '6080'],
};

for (const kind of ['ipip', 'gre', 'gre with csum', 'gue', 'gue with csum', 'gue with remcsum']) {
  test(`Tunnels: a server takes its packets out of ${kind}, by packets`, async (t) => {
    const [type = '', port = ''] = TUNNELS[kind]!;
    const [name, checksum] = kind.split(' with ');
    t.after(() => {
      for (const space of SPACES) {
        sh(`ip -n ${space} link del tun 2>/dev/null || true`);
        if (port !== '') sh(`ip netns exec ${space} ip fou del port ${port} 2>/dev/null || true`);
      }
    });
    for (const [index, space] of SPACES.entries()) {
      sh(`ip -n ${space} link add tun ${type} local 192.0.2.${11 + index}; ip -n ${space} link set tun up`);
      if (port !== '') sh(`ip netns exec ${space} ip fou add port ${port} gue`);
    }
    serve(
      service({
        port: 80,
        servers: two({
          forwarding: 'tunnel',
          tun_type: name,
          ...(port === '' ? {} : { tun_port: Number(port) }),
          ...(checksum === undefined ? {} : { tun_csum: checksum }),
        }),
      }),
    );
    await answersPast();
    for (const space of SPACES) assert.ok(received(space) >= 3, `${space} took its packets out of the tunnel`);
  });
}
