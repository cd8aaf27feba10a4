import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keySecrets, macOf, newPairKey } from '../../../../firmware/keys/secrets.ts';
import type { Beat } from '../../../../src/codec/beat.ts';
import { openBeat, sealBeat } from '../../../../src/codec/beatFrame.ts';
import { TandemError } from '../../../../src/model/error.ts';
import type { Keyring } from '../../../../src/model/keys.ts';
import { type NodeId, peerOf } from '../../../../src/model/pair.ts';
import type { PeerLink } from '../../../../src/ports/peer.ts';
import { type Keys, runKeys } from '../../../../src/shell/lane/keys.ts';

const TWIN = { heard: true, speaks: 2 };

/** Two lanes' keys with a line between them; beats are sealed and opened with them. */
function pair() {
  const sign = newPairKey();
  const disks: Record<NodeId, Keyring> = {
    a: { sign, next: undefined, former: undefined },
    b: { sign, next: undefined, former: undefined },
  };
  const log: string[] = [];
  const ears: Partial<Record<NodeId, (frame: Uint8Array) => void>> = {};
  let now = 0;
  let timers: { at: number; fire: () => void }[] = [];
  const world = { disks, log, sign, broken: false, full: false, unread: 0, keys: {} as Record<NodeId, Keys>, run };
  const link = (node: NodeId): PeerLink => ({
    id: 'serial',
    send: (frame) => world.broken || queueMicrotask(() => ears[peerOf(node)]?.(Uint8Array.from(frame))),
    onFrame(to) {
      ears[node] = to;
    },
    drops: () => ({}),
    close: () => {},
  });
  const start = (node: NodeId): Keys => {
    const keys = runKeys(
      {
        clock: {
          now: () => now,
          wall: () => 0,
          at(at, fire) {
            const timer = { at, fire };
            timers.push(timer);
            return () => {
              timers = timers.filter((other) => other !== timer);
            };
          },
        },
        store: {
          load: () => disks[node],
          async save(ring) {
            if (world.full) throw new TandemError('io', 'no space');
            disks[node] = ring;
          },
        },
        secrets: keySecrets,
        newPairKey,
        macOf,
        log: (line) => log.push(`${node} ${line}`),
      },
      node,
    );
    for (const wrapped of keys.over([link(node)])) {
      wrapped.onFrame((frame) => {
        const opened = openBeat(frame, { keys: keys.accepted!() });
        if (opened.ok) keys.authenticated!(opened.key, opened.beat);
        else world.unread += 1;
      });
    }
    return keys;
  };
  world.keys = { a: start('a'), b: start('b') };

  async function run(ms: number): Promise<void> {
    for (const end = now + ms; now < end; now += 20) {
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers = timers.filter((other) => other !== timer);
        timer.fire();
      }
      for (const node of ['a', 'b'] as const) {
        const beat = { ...BEAT, from: node, sequence: now + 1 };
        const frame = sealBeat(beat, (bytes) => world.keys[node].mac(bytes));
        if (!world.broken) ears[peerOf(node)]?.(frame);
      }
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  }
  return world;
}

const BEAT: Beat = {
  version: 1,
  speaks: 2,
  pair: 1,
  from: 'a',
  boot: 'aaaaaaaaaaaaaaaa',
  sequence: 1,
  term: 1,
  role: 'standby',
  publicUp: true,
  privateUp: true,
  ready: true,
  handingOver: false,
  prepared: 0,
  granted: 0,
  revision: 1,
  hearing: '',
  heard: { serial: 0, heartbeat: 0, public: 0, private: 0 },
};

test('a key is exchanged while beats run: none goes unread, both files hold the new key alone', async () => {
  const world = pair();
  await world.run(100);
  await world.keys.a.rotate(TWIN);
  assert.equal(world.disks.a.next !== undefined, true, 'durable here before it is offered');
  await world.run(3000);
  assert.deepEqual(world.disks.a, world.disks.b);
  assert.notEqual(world.disks.a.sign.id, world.sign.id);
  assert.equal(world.unread, 0);
  const { keys, settled, steps } = world.keys.b.status();
  assert.deepEqual([keys.length, keys[0]!.use, settled, steps.length], [1, 'signs', true, 2]);
  assert.ok(keys[0]!.ageMs !== null && keys[0]!.ageMs <= 40);
  for (const { secret } of [world.sign, world.disks.a.sign]) assert.ok(!world.log.join('\n').includes(secret));
});

test('a cable pulled in the middle: both keep hearing each other by the old key, and it ends when it is back', async () => {
  const world = pair();
  await world.run(100);
  world.broken = true;
  await world.keys.a.rotate(TWIN);
  await world.run(5000);
  assert.equal(world.keys.a.status().settled, false);
  assert.deepEqual(
    world.keys.a.status().keys.map(({ use }) => use),
    ['signs', 'next'],
  );
  world.broken = false;
  await world.run(3000);
  assert.deepEqual([world.keys.a.status().settled, world.keys.b.status().settled, world.unread], [true, true, 0]);
});

test('refused with a reason, and nothing changed: a silent twin, an older release, a full disk', async () => {
  const world = pair();
  const refusal = (twin: typeof TWIN) => assert.rejects(world.keys.a.rotate(twin), TandemError);
  await refusal({ heard: false, speaks: 2 });
  await refusal({ heard: true, speaks: 1 });
  world.full = true;
  await refusal(TWIN);
  await world.run(100);
  assert.deepEqual(
    world.keys.a.status().keys.map(({ id }) => id),
    [world.sign.id],
  );
  world.full = false;
  await world.keys.a.rotate(TWIN);
  await world.run(3000);
  assert.equal(world.keys.b.status().settled, true);
});
