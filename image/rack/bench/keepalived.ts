import type { PairDocument, RealServer, VirtualService } from '../../../src/model/document.ts';
import { type NodeId, SIDES, type Side } from '../../../src/model/pair.ts';

/** How a keepalived pair is timed; everything else of its configuration follows from the document. */
export interface Timing {
  /** 2 is its default; only 3 (RFC 5798) knows fractions of a second. */
  readonly vrrpVersion: 2 | 3;
  /** Between two advertisements, s. The backup waits for three of them and its skew. */
  readonly advertSeconds: number;
  /** 1 to 254. The higher one is the master whenever it is there; the skew shrinks as the backup's grows. */
  readonly priorities: Readonly<Record<NodeId, number>>;
  /** Of its VRRP process, SCHED_RR with locked memory; undefined = as an ordinary process, its default. */
  readonly realTime?: number;
}

/** Nothing said but what must be: an advertisement a second, and 100 is the priority of an instance that names none. */
export const USUAL: Timing = { vrrpVersion: 2, advertSeconds: 1, priorities: { a: 150, b: 100 } };

/**
 * Fractions of a second, and as real-time as Tandem's lane, so that its processor is no reason to miss one.
 * @param advertMs between two advertisements, ms: whole hundredths of a second (RFC 5798, section 5.2.7)
 */
export const fast = (advertMs: number): Timing => ({
  ...USUAL,
  vrrpVersion: 3,
  advertSeconds: advertMs / 1000,
  realTime: 50,
});

/** The shortest, ms, that stayed stable beside a processor hog on a machine that carries Tandem's own deadline. */
export const FAST_ADVERTS = 100;

const ROUTER_IDS: Readonly<Record<Side, number>> = { public: 51, private: 52 };

const KINDS: Readonly<Record<RealServer['forwarding'], string>> = { masquerade: 'NAT', direct: 'DR', tunnel: 'TUN' };

/** Braces around lines, as keepalived.conf(5) has them. */
interface Block {
  readonly head: string;
  readonly body: readonly (string | Block)[];
}

const block = (head: string, body: Block['body']): Block => ({ head, body });

function print({ head, body }: Block, indent = ''): string[] {
  const inner = body.flatMap((line) =>
    typeof line === 'string' ? [`${indent}  ${line}`] : print(line, `${indent}  `),
  );
  return [`${indent}${head} {`, ...inner, `${indent}}`];
}

const when = (condition: boolean, ...lines: string[]): string[] => (condition ? lines : []);

/** keepalived counts checks in whole seconds; none is faster than its least. */
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

function instance(document: PairDocument, devices: Readonly<Record<Side, string>>, timing: Timing, node: NodeId) {
  return (side: Side): Block => {
    const float = document.floats[side];
    const device = float.device ?? devices[side];
    return block(`vrrp_instance ${side}`, [
      ...when(timing.vrrpVersion === 3, 'version 3'),
      'state BACKUP',
      `interface ${devices[side]}`,
      `virtual_router_id ${ROUTER_IDS[side]}`,
      `priority ${timing.priorities[node]}`,
      `advert_int ${timing.advertSeconds}`,
      block('virtual_ipaddress', [`${float.address} dev ${device} label ${device}:1`]),
    ]);
  };
}

function realServer({ check }: VirtualService, server: RealServer): Block {
  const checker = block('TCP_CHECK', [
    `connect_port ${('port' in check ? check.port : undefined) ?? server.port}`,
    `connect_timeout ${seconds(check.timeout_ms)}`,
    `retry ${check.fall - 1}`,
    `delay_before_retry ${seconds(check.interval_ms)}`,
  ]);
  return block(`real_server ${server.address} ${server.port}`, [
    `weight ${server.weight}`,
    ...when(server.forwarding !== 'masquerade', `lb_kind ${KINDS[server.forwarding]}`),
    ...(check.type === 'tcp' ? [checker] : []),
  ]);
}

const virtualServer = (service: VirtualService): Block =>
  block(`virtual_server ${service.address} ${service.port}`, [
    `delay_loop ${seconds(service.check.interval_ms)}`,
    `lb_algo ${service.scheduler}`,
    'lb_kind NAT',
    `protocol ${service.protocol.toUpperCase()}`,
    ...when(service.persistence_s > 0, `persistence_timeout ${service.persistence_s}`),
    ...when(service.one_packet, 'ops'),
    ...service.servers.map((server) => realServer(service, server)),
  ]);

/**
 * The document as keepalived.conf(5) has it for one of the two routers: one sync group for both floats, the kernel's
 * connection sync following the private one where there is a service, TCP checks. Gratuitous ARP is as keepalived does it by itself.
 * @param devices of both routers, by side.
 */
export function keepalivedConf(
  document: PairDocument,
  devices: Readonly<Record<Side, string>>,
  timing: Timing,
  node: NodeId,
): string {
  const { realTime } = timing;
  const blocks = [
    block('global_defs', [
      `router_id ${node}`,
      ...when(document.services.length > 0, `lvs_sync_daemon ${devices.private} private`),
      ...(realTime === undefined ? [] : [`vrrp_rt_priority ${realTime}`, 'vrrp_no_swap']),
    ]),
    block('vrrp_sync_group floats', [block('group', SIDES)]),
    ...SIDES.map(instance(document, devices, timing, node)),
    ...document.services.map(virtualServer),
  ];
  return `${blocks.map((one) => print(one).join('\n')).join('\n\n')}\n`;
}

/** A shell script that gives a router what the distribution's own network set-up would: addresses, route, forwarding. */
export function networkScript(document: PairDocument, devices: Readonly<Record<Side, string>>, node: NodeId): string {
  const { gateway, nodes } = document;
  const off = ['all', 'default', ...SIDES.map((side) => devices[side])];
  return [
    ...SIDES.flatMap((side) => [
      `ip address replace ${nodes[node][side]} dev ${devices[side]}`,
      `ip link set ${devices[side]} up`,
    ]),
    ...(gateway === undefined ? [] : [`ip route replace default via ${gateway}`]),
    `sysctl -q -w net.ipv4.ip_forward=1 ${off.map((name) => `net.ipv4.conf.${name}.send_redirects=0`).join(' ')}`,
    '',
  ].join('\n');
}

/** How many real servers the kernel's table has when the whole document stands in it. */
export const serversIn = (document: PairDocument): number =>
  document.services.reduce((sum, { servers }) => sum + servers.length, 0);
