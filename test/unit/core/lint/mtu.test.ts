import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mtuOfSides, mtuOfTunnels, mtuOfTwins } from '../../../../src/core/lint/mtu.ts';
import type { NicLook } from '../../../../src/core/lint/nic.ts';
import { figures } from '../../../fakes/eyes.ts';
import { rackDocument } from '../../../fakes/rackDocument.ts';

const nics = (outer: number, inner: number, twin?: number): NicLook[] => [
  { side: 'public', device: 'eth0', own: figures({ mtu: outer }) },
  {
    side: 'private',
    device: 'eth1',
    own: figures({ mtu: inner }),
    twin: twin === undefined ? undefined : figures({ mtu: twin }),
  },
];

test('the twins’ MTU of one side differ: both values and the side are named', () => {
  assert.deepEqual(mtuOfTwins(nics(1500, 9000, 1500), 'b'), [
    {
      code: 'mtu-differs',
      subject: 'private',
      text: 'the private side has an MTU of 9000 here (eth1) and of 1500 on b',
    },
  ]);
  assert.deepEqual(mtuOfTwins(nics(1500, 9000, 9000), 'b'), []);
  assert.deepEqual(mtuOfTwins(nics(1500, 9000), 'b'), [], 'a twin that does not answer');
});

test('the two sides’ MTU differ', () => {
  assert.deepEqual(
    mtuOfSides(nics(1500, 9000)).map(({ text }) => text),
    ['eth0 has an MTU of 1500, eth1 of 9000'],
  );
  assert.deepEqual(mtuOfSides(nics(1500, 1500)), []);
});

for (const [type, bytes] of [
  ['ipip', 20],
  ['gre', 24],
  ['gue', 32],
] as const) {
  test(`a tunnel by ${type} takes ${bytes} bytes, and is told where there is no room for them`, () => {
    const document = rackDocument((text) =>
      text.replace(
        '{ name: s2, address: 192.0.2.12, port: 8080 }',
        `{ name: s2, address: 192.0.2.12, port: 80, forwarding: tunnel, tun_type: ${type}${type === 'gue' ? ', tun_port: 6080' : ''} }`,
      ),
    );
    const room = 1500 - bytes;
    assert.deepEqual(mtuOfTunnels(document, nics(1500, 1500)), [
      {
        code: 'mtu-tunnel',
        subject: 'web',
        text: `eth0 takes packets of 1500 bytes, and ${room} fit into the tunnel on eth1 (MTU 1500, header ${bytes}) to s2`,
      },
    ]);
    assert.equal(mtuOfTunnels(document, nics(1500, 1499 + bytes)).length, 1);
    assert.deepEqual(mtuOfTunnels(document, nics(1500, 1500 + bytes)), []);
  });
}
