import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLane } from '../../../../src/core/document/compileLane.ts';
import { describeStep, desiredState, planIpvs } from '../../../../src/core/reconcile/index.ts';
import { markOf } from '../../../../src/model/service.ts';
import { FakeIpvs } from '../../../fakes/ipvs.ts';
import { rackNode } from '../../../fakes/rackDocument.ts';
import { changed, type Draft } from '../../model/example.ts';

const server = (name: string, last: number, more: object = {}) => ({ name, address: `192.0.2.${last}`, ...more });

/** A document with a service of every kind. */
function everything(document: Draft): void {
  document.timeouts = { tcp_s: 600, udp_s: 30 };
  document.services = [
    {
      name: 'web',
      protocol: 'tcp',
      ports: [80, 443],
      scheduler: 'mh',
      scheduler_flags: ['mh-port', 'mh-fallback'],
      persistence_s: 300,
      persistence_netmask: '255.255.255.0',
      check: { type: 'none' },
      servers: [server('s1', 11, { u_threshold: 100, l_threshold: 50 }), server('s2', 12, { weight: 3 })],
    },
    { name: 'm3ua', protocol: 'sctp', port: 2905, servers: [server('s1', 11), server('s2', 12)] },
    {
      name: 'sip',
      protocol: 'udp',
      port: 5060,
      one_packet: true,
      persistence_s: 60,
      persistence_engine: 'sip',
      servers: [
        server('s1', 11, { forwarding: 'tunnel', tun_type: 'gue', tun_port: 6080, tun_csum: 'remcsum' }),
        server('s2', 12, { forwarding: 'tunnel', tun_type: 'gre', tun_csum: 'csum' }),
        server('s3', 13, { forwarding: 'tunnel' }),
      ],
    },
    { name: 'own', protocol: 'tcp', fwmark: 7, family: 'ipv6', servers: [{ name: 's6', address: '2001:db8:1::11' }] },
  ];
}

function desired(change: (document: Draft) => void) {
  const parsed = changed(change);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const lane = compileLane(parsed.document, rackNode('a'), 'digest');
  return { ...desiredState(parsed.document, lane, () => true), daemons: [] };
}

const web = markOf('web');

/** The steps of `change` on a kernel that holds everything. */
function stepsOf(change: (document: Draft) => void): string[] {
  const table = new FakeIpvs();
  assert.deepEqual(table.apply(planIpvs(desired(everything), table.read(), {}, 0).steps), []);
  const wanted = desired((document) => {
    everything(document);
    change(document);
  });
  return planIpvs(wanted, table.read(), {}, 0).steps.map(describeStep);
}

test('every knob reaches the kernel, in ipvsadm’s words', () => {
  const { steps } = planIpvs(desired(everything), new FakeIpvs().read(), {}, 0);
  assert.deepEqual(steps.map(describeStep), [
    '--set 600 120 30',
    `-A -f ${web} -s mh -b mh-port,mh-fallback -p 300 -M 255.255.255.0`,
    `-a -f ${web} -r 192.0.2.11:0 -m -w 1 -x 100 -y 50`,
    `-a -f ${web} -r 192.0.2.12:0 -m -w 3`,
    '-A --sctp-service 198.51.100.10:2905 -s rr',
    '-a --sctp-service 198.51.100.10:2905 -r 192.0.2.11:2905 -m -w 1',
    '-a --sctp-service 198.51.100.10:2905 -r 192.0.2.12:2905 -m -w 1',
    '-A -u 198.51.100.10:5060 -s rr -p 60 --pe sip -o',
    '-a -u 198.51.100.10:5060 -r 192.0.2.11:5060 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum',
    '-a -u 198.51.100.10:5060 -r 192.0.2.12:5060 -i -w 1 --tun-type gre --tun-csum',
    '-a -u 198.51.100.10:5060 -r 192.0.2.13:5060 -i -w 1',
    '-A -f 7 -6 -s rr',
    '-a -f 7 -6 -r [2001:db8:1::11]:0 -m -w 1',
  ]);
});

test('what holds everything gets no step', () =>
  assert.deepEqual(
    stepsOf(() => {}),
    [],
  ));

const ONE_STEP: readonly [what: string, change: (document: Draft) => void, step: string][] = [
  ['a weight', (d) => (d.services[0].servers[1].weight = 4), `-e -f ${web} -r 192.0.2.12:0 -m -w 4`],
  [
    'a threshold',
    (d) => (d.services[1].servers[0].u_threshold = 9),
    '-e --sctp-service 198.51.100.10:2905 -r 192.0.2.11:2905 -m -w 1 -x 9',
  ],
  [
    'a netmask',
    (d) => (d.services[0].persistence_netmask = '255.255.0.0'),
    `-E -f ${web} -s mh -b mh-port,mh-fallback -p 300 -M 255.255.0.0`,
  ],
  [
    'a flag',
    (d) => (d.services[0].scheduler_flags = ['mh-port']),
    `-E -f ${web} -s mh -b mh-port -p 300 -M 255.255.255.0`,
  ],
  ['an engine', (d) => delete d.services[2].persistence_engine, '-E -u 198.51.100.10:5060 -s rr -p 60 -o'],
  [
    'a tunnel’s port',
    (d) => (d.services[2].servers[0].tun_port = 6081),
    '-e -u 198.51.100.10:5060 -r 192.0.2.11:5060 -i -w 1 --tun-type gue --tun-port 6081 --tun-remcsum',
  ],
  ['timeouts that are not said any more', (d) => delete d.timeouts, '--set 900 120 300'],
  [
    'a new service',
    (d) => d.services.push({ name: 'new', protocol: 'tcp', port: 8080, servers: [] }),
    '-A -t 198.51.100.10:8080 -s rr',
  ],
];

for (const [what, change, step] of ONE_STEP) {
  test(`one change, one step: ${what}`, () => assert.deepEqual(stepsOf(change), [step]));
}

test('ports that change leave the service and its servers alone', () => {
  assert.deepEqual(
    stepsOf((document) => {
      document.services[0].ports = [80, 443, '8000-8100'];
    }),
    [],
  );
});
