import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { CaptureReport, Frame } from '../../image/rack/drill/capture.ts';
import { Program, programs } from '../../image/rack/drill/programs.ts';
import { CLIENT, FLOATS, mac, PORTS, PRIVATE_FLOAT, serverAddress, VIP, type Where } from '../../image/rack/figure.ts';
import { GUARD_TABLE, normalTable } from '../../src/codec/nft/guard.ts';
import { compileLane } from '../../src/core/document/compileLane.ts';
import { guardFor } from '../../src/core/reconcile/guard.ts';
import { LINKS, type NodeId, peerOf } from '../../src/model/pair.ts';
import type { Timeline } from '../../src/model/timeline.ts';
import { rackDocument, rackNode } from '../fakes/rackDocument.ts';
import { inBox, output, placeVerb, startVerb, whole } from './verbs.ts';

/** The figure of LVS with NAT routing, as it can be seen from outside. */

const REQUESTS = 9;
const TCP = 6;

/**
 * The bodies of `REQUESTS` fresh requests by the client, all at once: the rack's own client asks the same service meanwhile, and
 * between requests that wait for each other a round-robin scheduler may come to the same server again and again.
 */
async function ask(): Promise<string[]> {
  const script = `for i in $(seq ${REQUESTS}); do
    (exec 3<>/dev/tcp/${VIP}/${PORTS.web.service} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && tail -n 1 <&3) &
  done; wait`;
  const text = await output('client', '--', 'timeout', '30', 'bash', '-c', script);
  return text.split('\n').filter((line) => line !== '');
}

async function captured(where: Where, traffic: () => Promise<unknown>): Promise<readonly Frame[]> {
  const argv = [...placeVerb(where), ...programs.capture({ device: 'eth0' })];
  const capture = new Program<CaptureReport>(`capture at ${where}`, startVerb(...argv));
  try {
    await capture.report();
    await traffic();
    return (await capture.report()).frames;
  } finally {
    await capture.stop();
  }
}

describe('the figure', () => {
  let active: NodeId;

  before(async () => {
    const found = (await whole()).active;
    assert.ok(found, 'exactly one box is active');
    active = found;
  });

  test('the client gets answers from all three servers, and each has seen the client’s own address', async () => {
    const bodies = await ask();
    assert.equal(bodies.length, REQUESTS);
    assert.deepEqual([...new Set(bodies)].sort(), [`s1 ${CLIENT}`, `s2 ${CLIENT}`, `s3 ${CLIENT}`]);
  });

  test('at the client, everything comes from the VIP', async () => {
    const frames = await captured('client', () => ask());
    const sources = frames.filter(({ target, protocol }) => target === CLIENT && protocol === TCP);
    assert.ok(sources.length >= REQUESTS * 3, `${sources.length} frames`);
    assert.deepEqual([...new Set(sources.map(({ source }) => source))], [VIP]);
    const told = frames.filter(({ source, target }) =>
      [source, target].some((address) => address.startsWith('192.0.2.')),
    );
    assert.deepEqual(told, [], 'the client sees a private address');
  });

  test('at a real server, requests come from the client and replies leave to the private float', async () => {
    const frames = await captured('s1', () => ask());
    const port = PORTS.web.server;
    const requests = frames.filter(({ targetPort, source }) => targetPort === port && !source.startsWith('192.0.2.'));
    assert.ok(requests.length >= 3, `${requests.length} frames`);
    assert.deepEqual([...new Set(requests.map(({ source }) => source))], [CLIENT]);
    assert.deepEqual([...new Set(requests.map(({ target }) => target))], [serverAddress(1)]);
    const replies = frames.filter(({ sourcePort, target }) => sourcePort === port && target === CLIENT);
    assert.ok(replies.length >= 3, `${replies.length} frames`);
    assert.deepEqual([...new Set(replies.map(({ to }) => to))], [mac(active, 'private')]);
    const neighbour = await output('server', '1', '--', 'ip', 'neighbour', 'show', PRIVATE_FLOAT);
    assert.match(neighbour, new RegExp(`lladdr ${mac(active, 'private')} `));
  });

  test('both labels are on the active and none on the standby', async () => {
    const labels = async (box: NodeId) => {
      const lines = (await inBox(box, 'ip -oneline -4 address show')).split('\n');
      return lines.flatMap((line) => {
        const [, address, label] = /inet (\S+) .* (eth[01]:1)\\/.exec(line) ?? [];
        return label === undefined ? [] : [`${label} ${address}`];
      });
    };
    const floats = [`eth0:1 ${FLOATS.public}/24`, `eth1:1 ${FLOATS.private}/24`];
    assert.deepEqual((await labels(active)).sort(), floats);
    assert.deepEqual(await labels(peerOf(active)), []);
    const standby = await inBox(peerOf(active), 'ip -oneline -4 address show');
    for (const float of Object.values(FLOATS)) assert.ok(!standby.includes(` ${float}/`), `${float} on the standby`);
  });

  test('the active box tells how it came by the floats, and what each link of the pair brought', async () => {
    const { records } = JSON.parse(await inBox(active, 'tandem timeline --json')) as Timeline;
    const { to, links } = records.at(-1)!;
    assert.deepEqual([to, links.map(({ link }) => link).sort()], ['active', [...LINKS].sort()]);
  });

  for (const box of ['a', 'b'] as const) {
    test(`ipvsadm -Ln on ${box} shows every server of the VIP as Masq`, async () => {
      const table = await inBox(box, 'ipvsadm -Ln');
      assert.match(table, new RegExp(`^TCP +${VIP.replaceAll('.', '\\.')}:${PORTS.web.service} rr`, 'm'));
      for (const server of [1, 2, 3] as const) {
        const address = serverAddress(server).replaceAll('.', '\\.');
        assert.match(table, new RegExp(`^ +-> ${address}:${PORTS.web.server} +Masq +1 `, 'm'));
      }
      assert.ok(!/ (Route|Tunnel|Local) /.test(table), table);
    });

    test(`the table of the firewall and of outbound masquerading loads on ${box} with the modules that are there since its start`, async () => {
      const document = rackDocument((text) => `${text}firewall: {}\noutbound: { from: [192.0.2.0/24] }\n`);
      const table = guardFor(document, compileLane(document, rackNode(box), 'digest'));
      assert.ok(table);
      // In a namespace of its own, and without a way to load another module: the controller has none either.
      const listing = await inBox(
        box,
        `loader=$(cat /proc/sys/kernel/modprobe)
        trap 'echo "$loader" > /proc/sys/kernel/modprobe' EXIT
        echo /bin/false > /proc/sys/kernel/modprobe
        unshare -n sh -ec 'nft -f -; nft --stateless --numeric list table ${GUARD_TABLE}' <<'TABLE'
${table.text}
TABLE`,
      );
      assert.equal(normalTable(listing), table.normal);
    });
  }
});
