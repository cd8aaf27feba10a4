import * as z from 'zod';
import { choice, cidr4, cidr6, type Meta, portRange, shaped } from './fields.ts';
import { formatCidr, networkOf, parseCidr } from './net.ts';

/** The sections `firewall` and `outbound` of the pair document. Their rules between fields are guardChecks.ts. */

export const GUARD_LIMITS = { allow: 64, ports: 64, networks: 64 } as const;

/** Above the ports that programs of the box itself use (net.ipv4.ip_local_port_range). */
export const OUTBOUND_PORTS = '61000-65535';

/** Host bits cleared, in the one spelling that nft(8) lists. */
function asNetwork(text: string): string {
  const cidr = parseCidr(text);
  return cidr === undefined ? text : formatCidr(networkOf(cidr));
}

function network(meta: Meta) {
  const error = 'give an address or a network, like 203.0.113.7/32, 203.0.113.0/24 or 2001:db8::/32';
  return z
    .string({ error })
    .refine((text) => parseCidr(text) !== undefined, { error })
    .transform(asNetwork)
    .meta(meta);
}

const some = <T extends z.ZodType>(what: string, most: number, entry: T, meta: Meta) =>
  z
    .array(entry, { error: `give a list of ${what}` })
    .min(1, { error: `give at least one of the ${what}` })
    .max(most, { error: `give at most ${most} ${what}` })
    .meta(meta);

const allowSchema = z
  .strictObject({
    protocol: choice(['tcp', 'udp'], { title: 'protocol', help: 'of the packets that may come in' }),
    ports: some('ports', GUARD_LIMITS.ports, portRange({ title: 'port', help: 'or a range like "8000-8100"' }), {
      title: 'ports',
      help: 'of this box, like [22]',
    }),
    from: some('networks', GUARD_LIMITS.networks, network({ title: 'network', help: 'of those who may' }), {
      title: 'from',
      help: 'who may reach them; of one family',
    }),
  })
  .meta({ title: 'allowed', help: 'who may reach the box itself from the public side' });

export const firewallSchema = z
  .strictObject({
    allow: z
      .array(allowSchema, { error: 'give a list of what may come in' })
      .max(GUARD_LIMITS.allow, { error: `give at most ${GUARD_LIMITS.allow} entries` })
      .meta({ title: 'allow', help: 'beside the virtual services, ICMP and the twin’s beats' })
      .default([]),
  })
  .meta({
    title: 'firewall',
    help:
      'on the public side nothing comes in but virtual services, answers to the box’s own questions, ICMP, the twin’s ' +
      'beats, and what `allow` names; nothing is routed in from there but answers to outbound connections. The private side ' +
      'and the heartbeat NIC stay open: the web console is reached there. `firewall: {}` is that; without it everything comes in',
  });

export const outboundSchema = z
  .strictObject({
    from: some(
      'networks',
      GUARD_LIMITS.networks,
      cidr4({ title: 'network', help: 'of real servers, like 192.0.2.0/24' }).transform(asNetwork),
      { title: 'from', help: 'who may reach out over IPv4: the private network, or parts of it' },
    ).optional(),
    from6: some(
      'networks',
      GUARD_LIMITS.networks,
      cidr6({ title: 'network', help: 'of real servers, like 2001:db8:1::/64' }).transform(asNetwork),
      { title: 'from6', help: 'who may over IPv6, behind the public float’s IPv6 address' },
    ).optional(),
    ports: shaped(/^\d{1,5}-\d{1,5}$/, 'a range of ports like "61000-65535"', {
      title: 'ports',
      help: `of the public float that they leave by, TCP and UDP; without it ${OUTBOUND_PORTS}. Virtual services have others`,
    }).optional(),
  })
  .meta({
    title: 'outbound',
    help:
      'real servers reach out through the private float and leave with the public float as their address. Balanced ' +
      'connections stay out of connection tracking. After a failover such connections begin anew: only balanced ones are ' +
      'known to the twin',
  });
