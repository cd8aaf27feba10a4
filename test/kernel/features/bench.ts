import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, beforeEach } from 'node:test';
import { stringify } from 'yaml';
import { openIpvs } from '../../../firmware/netlink/ipvs.ts';
import { openMarks } from '../../../firmware/netlink/marks.ts';
import { compileLane } from '../../../src/core/document/compileLane.ts';
import { describeStep, desiredState, planIpvs } from '../../../src/core/reconcile/index.ts';
import { planMarks } from '../../../src/core/reconcile/planMarks.ts';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { rackNode } from '../../fakes/rackDocument.ts';
import { draft, faultsOf } from '../../unit/model/example.ts';
import { enterNamespace, sh } from '../netns.ts';
import { buildSegments, holdFloats, within } from '../segments.ts';

/** The bench of the tests that make docs/features.md: a router, a client and two real servers, and what they say to each other. */

export const SPACES = ['f-s1', 'f-s2'] as const;
export const CLIENT = 'f-client';
export const VIP = '198.51.100.10';
export const VIP6 = '2001:db8::10';

export type Raw = Record<string, unknown>;

export const server = (last: number, more: Raw = {}): Raw => ({
  name: `s${last}`,
  address: `192.0.2.${last}`,
  ...more,
});
export const BOTH = [server(11, { port: 8080 }), server(12, { port: 8080 })];
export const service = (more: Raw): Raw => ({
  name: 'web',
  protocol: 'tcp',
  check: { type: 'none' },
  servers: BOTH,
  ...more,
});
export const kinds = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** What a real server answered, and where it says that the connection runs from and to. */
export interface Heard {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const plain = (address = ''): string => address.replace('::ffff:', '');

/**
 * Sets the bench up for the tests of a file. Real servers listen on `ports` and answer each line with who they are; `script`
 * runs when everything stands.
 */
export function featureBench(ports: readonly number[], script = '') {
  let table: ReturnType<typeof openIpvs>;
  let marks: ReturnType<typeof openMarks>;
  let remove = (): void => {};
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  /** The servers’ ends: what a namespace’s removal cuts off would keep this process alive. */
  const accepted = new Set<Socket>();

  before(async () => {
    enterNamespace();
    ({ remove } = buildSegments('f'));
    sh(`
      ip addr add 198.51.100.2/24 dev eth0; ip addr add 192.0.2.2/24 dev eth1
      ip link set eth0 up; ip link set eth1 up multicast on
      ip route add default via 198.51.100.1
      ip -6 addr add ${VIP6}/64 dev eth0 nodad; ip -6 addr add 2001:db8:1::1/64 dev eth1 nodad
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.vs.conntrack=0
      sysctl -qw net.ipv4.vs.expire_nodest_conn=1 net.ipv4.vs.expire_quiescent_template=1
      ip -n ${CLIENT} addr add 203.0.113.11/32 dev lo
      ip -n ${CLIENT} -6 addr add 2001:db8::1/64 dev eth0 nodad; ip -n ${CLIENT} -6 addr add 2001:db8::4/64 dev eth0 nodad
      ip -n f-s1 -6 addr add 2001:db8:1::11/64 dev eth0 nodad; ip -n f-s1 -6 route add default via 2001:db8:1::1
      ip -n f-s2 -6 addr add 2001:db8:1::12/64 dev eth0 nodad; ip -n f-s2 -6 route add default via 2001:db8:1::1
      ip route add 203.0.113.0/24 via 198.51.100.1
    `);
    holdFloats();
    if (script !== '') sh(script);
    table = openIpvs();
    marks = openMarks();
    for (const [index, space] of SPACES.entries()) {
      for (const port of ports) {
        const listener = createServer((socket) => {
          accepted.add(socket);
          socket.on('error', () => {}).on('close', () => accepted.delete(socket));
          const ends = `${plain(socket.remoteAddress)} ${plain(socket.localAddress)}`;
          socket.on('data', () => socket.write(`s${index + 1} ${ends}\n`));
        });
        await within(space, () => listener.listen(port, '::'));
        if (!listener.listening) await once(listener, 'listening');
        servers.push(listener);
      }
    }
  });

  beforeEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    sh(
      'ipvsadm -C; nft delete table inet tandem 2>/dev/null || true; ipvsadm --stop-daemon master 2>/dev/null || true',
    );
  });

  after(() => {
    for (const socket of [...sockets, ...accepted]) socket.destroy();
    for (const listener of servers) listener.close();
    table.close();
    marks.close();
    remove();
  });

  /** The kernel brought to what a document with these services says, as the controller brings it; answers the IPVS steps. */
  function serve(...services: Raw[]): string[] {
    const parsed = parseDocument(stringify({ ...draft(), services }));
    assert.ok(parsed.ok, faultsOf(parsed).join('\n'));
    const desired = desiredState(parsed.document, compileLane(parsed.document, rackNode('a'), 'digest'), () => true);
    marks.apply(planMarks(desired.marks, marks.read()));
    const wanted = { ...desired, daemons: [], drainMs: 0 };
    const all: string[] = [];
    // What goes takes a second pass: first quiesced, then deleted.
    for (let pass = 0; pass < 3; pass += 1) {
      const { steps } = planIpvs(wanted, table.read(), {}, 0);
      assert.deepEqual(
        table.apply(steps).map(({ step, errno, text }) => `${describeStep(step)}: ${errno} ${text}`),
        [],
      );
      all.push(...steps.map(describeStep));
    }
    assert.deepEqual(planIpvs(wanted, table.read(), {}, 0).steps, [], 'the kernel holds what was asked for');
    assert.deepEqual(planMarks(desired.marks, marks.read()), [], 'the marks are what was asked for');
    return all;
  }

  /** One line to the VIP and back. The connection stays open until the next test. */
  async function talk(port: number, from = '203.0.113.10', to = VIP): Promise<Heard> {
    const socket = await within(CLIENT, () => connect({ host: to, port, localAddress: from }));
    sockets.push(socket);
    await once(socket, 'connect', { signal: AbortSignal.timeout(5000) });
    const answer = once(socket, 'data', { signal: AbortSignal.timeout(5000) });
    socket.write('who?\n');
    const [name = '', seen = '', at = ''] = String((await answer)[0])
      .trim()
      .split(' ');
    assert.equal(seen, from, 'the server sees the client’s own address');
    return { name, from: seen, to: at };
  }

  /** Which server answered. */
  const ask = async (port: number, from?: string, to?: string): Promise<string> => (await talk(port, from, to)).name;

  async function askMany(count: number, port: number, from?: string): Promise<string[]> {
    const names: string[] = [];
    for (let number = 0; number < count; number += 1) names.push(await ask(port, from));
    return names;
  }

  return { serve, talk, ask, askMany, sockets, table: () => table, marks: () => marks };
}
