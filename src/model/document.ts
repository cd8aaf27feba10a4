import * as z from 'zod';
import { type Check, checkSchema, fillCheck, takesPort, type WrittenCheck } from './check.ts';
import { choice, cidr4, cidr6, device, flag, ip, ipv4, named, whole } from './fields.ts';
import { firewallSchema, outboundSchema } from './guardSections.ts';
import { byIdentity } from './memo.ts';
import { formatIp, parseCidr } from './net.ts';
import { LINKS } from './pair.ts';
import { markOf, PROTOCOLS, rangeOf, serverKnobs, serviceKnobs, timeoutsSchema } from './service.ts';
import { USUAL_BEAT } from './usualBeat.ts';

/** The pair document: what both boxes share. Cross-field rules are documentChecks.ts; reading it is parseDocument.ts. */

export const LIMITS = {
  /** Characters of a document's text; 40,000 servers written plainly take about 2,800,000. */
  text: 4_000_000,
  /** Characters of a text that is neither JSON nor plain: the whole of YAML takes its reader some 300 bytes a character. */
  yaml: 1_000_000,
  services: 2_000,
  /** Of one service, and of the whole document: what the kernel's table was tried with. */
  servers: 40_000,
  /** Pairs of an address and a port range that go by firewall marks: elements of one map in the kernel. */
  listening: 10_000,
  /** Faults and warnings that one answer names. */
  faults: 100,
} as const;

/** Kernel modules `ip_vs_*` (ipvsadm(8), --scheduler). */
export const SCHEDULERS = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'mh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'twos',
] as const;

export const BAUDS = [9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600] as const;

const side = { public: 'the clients’ side', private: 'the real servers’ side' } as const;

const floatSchema = (which: keyof typeof side, help: string) =>
  z
    .strictObject({
      address: cidr4({ title: `${which} float`, help }),
      address6: cidr6({
        title: `${which} IPv6 float`,
        help: 'that moves with it; both routers need an IPv6 address of their own in its network',
      }).optional(),
      device: device({
        title: 'device',
        help: `NIC that carries the float; without it the ${which} NIC of the node’s own file, under the label NIC:1`,
      }).optional(),
    })
    .meta({
      title: `${which} float`,
      help: `floating address on ${side[which]}; both floats are always on one router`,
    });

const nodeAddressesSchema = (id: string) =>
  z
    .strictObject({
      public: cidr4({ title: 'public address', help: `router ${id}’s own address on ${side.public}` }),
      private: cidr4({ title: 'private address', help: `router ${id}’s own address on ${side.private}` }),
      heartbeat: cidr4({
        title: 'heartbeat address',
        help: `router ${id}’s own address on the heartbeat NIC, in a network of the two routers alone`,
      }).optional(),
      public6: cidr6({
        title: 'public IPv6 address',
        help: `router ${id}’s own IPv6 address on ${side.public}`,
      }).optional(),
      private6: cidr6({
        title: 'private IPv6 address',
        help: `router ${id}’s own IPv6 address on ${side.private}`,
      }).optional(),
    })
    .meta({ title: `router ${id}`, help: 'its own addresses; they never move' });

export const heartbeatSchema = z
  .strictObject({
    interval_ms: whole(5, 5_000, { title: 'interval', unit: 'ms', help: 'between two beats on each link' }).default(
      USUAL_BEAT.intervalMs,
    ),
    deadline_ms: whole(15, 60_000, {
      title: 'deadline',
      unit: 'ms',
      help: 'silence after which a link counts as silent; at least three intervals',
    }).default(USUAL_BEAT.deadlineMs),
    links: z
      .array(
        choice(LINKS, {
          title: 'link',
          help: 'serial line, UDP over a NIC of its own (nodes.a.heartbeat and nodes.b.heartbeat), or UDP over a data NIC',
        }),
        {
          error: 'give a list of links: serial, heartbeat, private, public',
        },
      )
      .min(1, { error: 'give at least one of: serial, heartbeat, private, public' })
      .max(LINKS.length, { error: 'give each of serial, heartbeat, private, public once at most' })
      .meta({
        title: 'links',
        help:
          'Paths for beats; a router takes the floats only when its twin is silent on all of them and both floats are ' +
          'silent to ARP probes. With `[serial]` alone, a pulled cable makes the twin silent on the only link, but the ' +
          'floats still answer ARP: the standby stays standby, raises the alarm `peer-silent-floats-answer`, keeps ' +
          'probing, and nobody moves. It takes over when the floats fall silent too. Hand-over is refused meanwhile.',
      })
      .default(['serial', 'private', 'public']),
    serial_baud: z
      .literal(BAUDS, { error: `give one of: ${BAUDS.join(', ')}` })
      .meta({ title: 'line speed', unit: 'bit/s', help: 'of the null-modem line; beats use under 60 % of it' })
      .default(115_200),
    port: whole(1, 65_535, { title: 'port', help: 'UDP port of the beats over the data NICs' }).default(7946),
  })
  .meta({ title: 'heartbeat', help: 'how the two routers hear each other' });

/** Absent means no preference: whoever owns the floats keeps them. */
export const failoverSchema = z
  .strictObject({
    preferred: choice(['a', 'b'], {
      title: 'preferred router',
      help: 'that is given the floats when it has been fit for long enough; without it whoever owns them keeps them',
    }).optional(),
    prefer_after_s: whole(10, 86_400, {
      title: 'preferred after',
      unit: 's',
      help:
        'that the preferred router has to be heard, ready and with both NICs up, without a break, before it is handed the ' +
        'floats: time in which connection sync tells it of the connections that run. Doubled after each move that fails',
    }).default(300),
  })
  .meta({ title: 'failover', help: 'which router has the floats when both could' });

export const serverSchema = z
  .strictObject({
    name: named({ title: 'name', help: 'of the real server, as alarms and logs call it' }),
    address: ip({ title: 'address', help: 'of the real server, normally in the private network' }),
    port: whole(1, 65_535, {
      title: 'port',
      help: 'on the real server; without it the service’s port, or with several the client’s own',
    }).optional(),
    weight: whole(0, 65_535, {
      title: 'weight',
      help: 'share of new connections; 0 quiesces: keeps its connections, gets no new ones',
    }).default(1),
    forwarding: choice(['masquerade', 'direct', 'tunnel'], {
      title: 'forwarding',
      help: 'masquerade (NAT): the server’s default route is the private float. direct, tunnel: the server holds the VIP',
    }).default('masquerade'),
    ...serverKnobs,
  })
  .meta({ title: 'real server', help: 'one address and port that answers for the VIP' });

/** Its port defaults to the service's. */
export const sorryServerSchema = z
  .strictObject({
    address: ipv4({ title: 'address', help: 'of the sorry server; it is not checked' }),
    port: whole(1, 65_535, { title: 'port', help: 'on the sorry server; without it the service’s port' }).optional(),
    forwarding: choice(['masquerade', 'direct', 'tunnel'], {
      title: 'forwarding',
      help: 'as of a real server',
    }).default('masquerade'),
  })
  .meta({ title: 'sorry server', help: 'gets the new clients while the service has no quorum, and tells them so' });

export const serviceSchema = z
  .strictObject({
    name: named({ title: 'name', help: 'of the virtual service, as alarms and logs call it' }),
    protocol: choice(PROTOCOLS, { title: 'protocol', help: 'of the clients’ packets' }),
    address: ip({
      title: 'VIP',
      help: 'that clients use; without it the public float',
    }).optional(),
    port: whole(1, 65_535, { title: 'port', help: 'that clients use' }).optional(),
    scheduler: choice(SCHEDULERS, { title: 'scheduler', help: 'how a server is picked (ipvsadm(8))' }).default('rr'),
    persistence_s: whole(0, 2_592_000, {
      title: 'persistence',
      unit: 's',
      help: 'a client stays with its server this long; 0 = no persistence',
    }).default(0),
    one_packet: flag({ title: 'one packet', help: 'UDP only: schedules each datagram by itself' }).default(false),
    ...serviceKnobs,
    check: checkSchema.prefault({}),
    // The next five without defaults: documents that say nothing of them keep their digest from release to release.
    sorry_server: sorryServerSchema.optional(),
    quorum: whole(1, 1_000_000, {
      title: 'quorum',
      help: 'weight of the live servers below which the sorry server is used; without it 1',
    }).optional(),
    quorum_by: choice(['weight', 'servers'], {
      title: 'quorum by',
      help: 'the quorum counts the weights of live servers, or their number; without it weight',
    }).optional(),
    quorum_hysteresis: whole(0, 1_000_000, {
      title: 'quorum hysteresis',
      help: 'the quorum is lost this much below it and had again this much above it; less than the quorum',
    }).optional(),
    slow_start_s: whole(0, 3_600, {
      title: 'slow start',
      unit: 's',
      help: 'in which the weight of a server that has returned grows to what it was, in ten steps; give weights from 10 on',
    }).optional(),
    servers: z
      .array(serverSchema, { error: 'give a list of real servers' })
      .max(LIMITS.servers, { error: `give at most ${LIMITS.servers} real servers` })
      .meta({ title: 'real servers', help: `at most ${LIMITS.servers} in the whole document` })
      .default([]),
  })
  .meta({ title: 'virtual service', help: 'one protocol and port of the VIP, and who answers' });

export const documentSchema = z
  .strictObject({
    tandem: z
      .literal(1, { error: 'give 1, the version of this document’s form' })
      .meta({ title: 'form', help: 'always 1' }),
    name: named({ title: 'name', help: 'of the pair; a box with another name is not heard as a twin' }),
    floats: z
      .strictObject({
        public: floatSchema('public', 'the VIP that clients use'),
        private: floatSchema('private', 'the real servers’ default route'),
      })
      .meta({ title: 'floats', help: 'the two floating addresses, one owner' }),
    nodes: z
      .strictObject({ a: nodeAddressesSchema('a'), b: nodeAddressesSchema('b') })
      .meta({ title: 'routers', help: 'router a wins a tie' }),
    gateway: ipv4({ title: 'gateway', help: 'default route of both routers, in the public network' }).optional(),
    heartbeat: heartbeatSchema.prefault({}),
    // Without a default: documents that say nothing of it keep their digest from release to release.
    failover: failoverSchema.optional(),
    timeouts: timeoutsSchema.optional(),
    firewall: firewallSchema.optional(),
    outbound: outboundSchema.optional(),
    services: z
      .array(serviceSchema, { error: 'give a list of virtual services' })
      .max(LIMITS.services, { error: `give at most ${LIMITS.services} virtual services` })
      .meta({ title: 'virtual services', help: `at most ${LIMITS.services}` })
      .default([]),
  })
  .meta({ title: 'Tandem pair document', help: 'one document describes the pair; both boxes hold the same' });

/** As zod reads it: defaults that stand alone are filled, those that depend on another field are not. */
export type WrittenDocument = z.output<typeof documentSchema>;
export type WrittenService = z.output<typeof serviceSchema>;
export type WrittenServer = z.output<typeof serverSchema>;

/** With every default filled: what the rest of the product works on. */
export type RealServer = Omit<WrittenServer, 'port'> & { port: number };
type WrittenSorry = z.output<typeof sorryServerSchema>;
export type SorryServer = Omit<WrittenSorry, 'port'> & { port: number };
export type VirtualService = Omit<WrittenService, 'address' | 'port' | 'check' | 'servers' | 'sorry_server'> & {
  /** The VIP; the first of several. */
  address: string;
  /** 0 when the service goes by a firewall mark; so does a server's that is not told. */
  port: number;
  /** The firewall mark of a service with several addresses or ports, or of rules of a person's own. */
  mark?: number;
  check: Check;
  sorry_server?: SorryServer;
  servers: RealServer[];
};
export type PairDocument = Omit<WrittenDocument, 'services'> & { services: VirtualService[] };

/** The VIP as an address without its prefix. */
export const publicFloat = (document: Pick<WrittenDocument, 'floats'>): string =>
  document.floats.public.address.split('/')[0] ?? '';

/** In the one spelling that the kernel reads back (RFC 5952); undefined = the public float has no IPv6 address. */
export function publicFloat6(document: Pick<WrittenDocument, 'floats'>): string | undefined {
  const cidr = parseCidr(document.floats.public.address6 ?? '');
  return cidr && formatIp(cidr.ip);
}

/** Without a port of its own the check of a service by mark goes to `first`; by a mark of a person's own nowhere unless told. */
function checkOfService(service: WrittenService, first: number | undefined): Check {
  const port = 'port' in service.check ? service.check.port : undefined;
  const silent = service.fwmark !== undefined && port === undefined && service.check.type === undefined;
  const check = fillCheck(
    silent ? ({ ...service.check, type: 'none' } as WrittenCheck) : service.check,
    service.protocol,
  );
  return first === undefined || port !== undefined || !takesPort(check) ? check : { ...check, port: first };
}

/**
 * Fills the defaults that depend on another field: a service's VIP and mark, a check's type and port, a server's port. With
 * several ports the check goes to the first, with a mark of a person's own nowhere unless told.
 */
export function fillService(service: WrittenService, vip: string): VirtualService {
  const { fwmark, addresses, ports, sorry_server: sorry, ...rest } = service;
  const several = addresses !== undefined || ports !== undefined;
  const mark = fwmark ?? (several ? markOf(service.name) : undefined);
  const anyAddress = service.family === 'ipv6' ? '::' : '0.0.0.0';
  const port = mark === undefined ? (service.port ?? 0) : 0;
  const first = ports?.[0] === undefined ? service.port : rangeOf(ports[0]).first;
  return {
    ...rest,
    ...(fwmark === undefined ? {} : { fwmark }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(ports !== undefined ? { ports } : several && service.port !== undefined ? { ports: [service.port] } : {}),
    ...(sorry === undefined ? {} : { sorry_server: { ...sorry, port: sorry.port ?? port } }),
    address: fwmark === undefined ? (addresses?.[0] ?? service.address ?? vip) : anyAddress,
    port,
    ...(mark === undefined ? {} : { mark }),
    check: checkOfService(service, mark === undefined ? undefined : first),
    servers: service.servers.map((server) => ({ ...server, port: server.port ?? port })),
  };
}

const filled = new WeakMap<WrittenService, { readonly vip: string; readonly service: VirtualService }>();

/** As `fillService`, and the same object for the same service and VIP. */
export function fillServiceOnce(written: WrittenService, vip: string): VirtualService {
  const known = filled.get(written);
  if (known?.vip === vip) return known.service;
  const service = fillService(written, vip);
  filled.set(written, { vip, service });
  return service;
}

export function fillDocument(written: WrittenDocument): PairDocument {
  const vip = publicFloat(written);
  return { ...written, services: written.services.map((service) => fillServiceOnce(service, vip)) };
}

/** A value as JSON with sorted keys and without absent fields: equal values give equal text on both boxes. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return fieldsOf(value, canonical);
}

function fieldsOf(value: object, print: (field: unknown, key: string) => string): string {
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${print(field, key)}`;
  }
  return `{${text}}`;
}

const canonicalService = byIdentity((service: VirtualService): string => canonical(service));

/** `canonical` of a document, whose unchanged services are not printed again. */
export const canonicalDocument = (document: PairDocument): string =>
  fieldsOf(document, (field, key) =>
    key === 'services' ? `[${document.services.map(canonicalService).join(',')}]` : canonical(field),
  );
