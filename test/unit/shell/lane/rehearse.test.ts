import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address, AddressStep, Arp, Network } from '../../../../src/ports/network.ts';
import { rehearse } from '../../../../src/shell/lane/stage/rehearse.ts';

function stage(refuse: 'set' | undefined = undefined) {
  const present = new Map<string, Address>();
  const announced: string[] = [];
  const asked: string[] = [];
  const moves = { set: 0, delete: 0 };
  const network = {
    addresses: () => [...present.values()],
    links: () => [{ index: 1, device: 'lo', mac: '00:00:00:00:00:00', admin: false, carrier: false, mtu: 65536 }],
    changeAddresses(steps: readonly AddressStep[]) {
      for (const { op, address } of steps) {
        assert.equal(address.device, 'lo');
        assert.match(address.address, /^127\./);
        if (op === refuse) throw new Error('refused');
        moves[op] += 1;
        if (op === 'set') present.set(address.address, address);
        else present.delete(address.address);
      }
    },
  } as Partial<Network> as Network;
  const arp = {
    announce: (device: string, address: string) => void announced.push(`${device} ${address}`),
    ask(device: string, _address: string, neighbours: readonly string[]) {
      asked.push(...neighbours.map((neighbour) => `${device} ${neighbour}`));
    },
    probe: () => assert.fail('a probe went out'),
    watch: () => assert.fail('somebody listens to what goes on outside'),
  } as Partial<Arp> as Arp;
  return { network, arp, present, announced, asked, moves };
}

test('a rehearsal moves floats of its own on the loopback device in both directions, and leaves none', async () => {
  const { network, arp, present, announced, asked, moves } = stage();
  await rehearse(network, arp);
  assert.ok(moves.set >= 16 && moves.delete >= 16, JSON.stringify(moves));
  assert.deepEqual(
    [...new Set(announced)].sort(),
    [1, 2, 3, 4].map((host) => `lo 127.84.68.${host}`),
  );
  assert.deepEqual([...new Set(asked)].sort(), ['lo 127.84.68.5', 'lo 127.84.68.6']);
  assert.equal(present.size, 0);
});

test('a rehearsal that cannot go on says so and leaves nothing', async () => {
  const { network, arp, present } = stage('set');
  await assert.rejects(rehearse(network, arp), /a first owner did not come about/);
  assert.equal(present.size, 0);
});
