import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { Beat } from '../../../../src/codec/beat.ts';
import { openBeat, sealBeat } from '../../../../src/codec/beatFrame.ts';
import type { FailoverState } from '../../../../src/core/failover/index.ts';
import { peerFresh } from '../../../../src/core/failover/silence.ts';
import { type NodeId, peerOf } from '../../../../src/model/pair.ts';
import { openBeat as openBeat010, sealBeat as sealBeat010 } from '../../../fakes/beatFrame010.ts';
import { Driven } from './harness.ts';

const mac = (bytes: Uint8Array): Uint8Array => createHmac('sha256', 'pair').update(bytes).digest();

/** How a release puts a beat on the wire and takes it off; `speaks` is what its core says. */
interface Release {
  readonly speaks: number;
  seal(beat: Beat): Uint8Array;
  open(frame: Uint8Array): Beat | undefined;
}

/** Release 0.1.0 knew no versions but 1: not in its core, not in its codec. */
const FIRST: Release = {
  speaks: 1,
  seal: (beat) => sealBeat010(beat, mac),
  open(frame) {
    const opened = openBeat010(frame, mac);
    return opened.ok ? { ...opened.beat, version: 1, speaks: 1 } : undefined;
  },
};

const upTo = (speaks: number): Release => ({
  speaks,
  seal: (beat) => sealBeat(beat, mac),
  open(frame) {
    const opened = openBeat(frame, { keys: [mac], highest: speaks });
    return opened.ok ? opened.beat : undefined;
  },
});

interface Wire {
  readonly nodes: Record<NodeId, Driven>;
  readonly releases: Record<NodeId, Release>;
  /** First byte of the latest frame of each. */
  readonly sent: Record<NodeId, number>;
  unread: number;
}

/** Two cores with real frames between them, both driven by one clock. */
function pair(releases: Record<NodeId, Release>): Wire {
  const node = (id: NodeId): Driven => new Driven(id, 3, { speaks: releases[id].speaks }).fit();
  return { nodes: { a: node('a'), b: node('b') }, releases: { ...releases }, sent: { a: 0, b: 0 }, unread: 0 };
}

function run(wire: Wire, ms: number): void {
  const { nodes, releases, sent } = wire;
  for (let passed = 0; passed < ms; passed += 1) {
    for (const id of ['a', 'b'] as const) {
      const from = nodes[id];
      const before = from.log.length;
      from.run(1);
      for (const { effect } of from.log.slice(before)) {
        if (effect.type !== 'beat') continue;
        const frame = releases[id].seal(effect.beat);
        sent[id] = frame[0]!;
        const beat = releases[peerOf(id)].open(frame);
        if (beat === undefined) wire.unread += 1;
        else for (const link of ['serial', 'public'] as const) nodes[peerOf(id)].give({ type: 'beat', link, beat });
      }
    }
  }
}

const owners = ({ nodes }: Wire): FailoverState['role'][] => [nodes.a.state.role, nodes.b.state.role];
const hear = ({ nodes }: Wire): boolean[] => [nodes.a, nodes.b].map(({ state, now }) => peerFresh(state, now));

for (const [name, releases, version] of [
  ['0.1.0 beside this release', { a: FIRST, b: upTo(2) }, 1],
  ['this release beside 0.1.0', { a: upTo(2), b: FIRST }, 1],
  ['this release beside itself', { a: upTo(2), b: upTo(2) }, 2],
] as const) {
  test(`${name}: both hear each other, one owns, and both send version ${version}`, () => {
    const wire = pair(releases);
    run(wire, 1000);
    assert.deepEqual(hear(wire), [true, true]);
    assert.deepEqual(owners(wire), ['active', 'standby']);
    assert.deepEqual(wire.sent, { a: version, b: version });
    assert.equal(wire.unread, 0, 'no frame was ever sent that the other could not read');
    wire.nodes.a.give({ type: 'hand-over', request: 1, by: 'test' });
    run(wire, 200);
    assert.deepEqual(owners(wire), ['standby', 'active']);
  });
}

test('a twin that comes back with an older release is heard again, and one with a newer one is spoken to in it', () => {
  const wire = pair({ a: upTo(2), b: upTo(2) });
  run(wire, 1000);
  assert.deepEqual(wire.sent, { a: 2, b: 2 });

  const restart = (release: Release, boot: string): void => {
    wire.releases.b = release;
    wire.nodes.b = new Driven('b', 3, { speaks: release.speaks, boot }, wire.nodes.a.now).fit();
    wire.unread = 0;
    run(wire, 400);
  };
  restart(FIRST, 'cccccccccccccccc');
  assert.deepEqual([hear(wire), wire.sent], [[true, true], { a: 1, b: 1 }]);
  assert.ok(wire.unread <= 8, `${wire.unread} frames could not be read: at most those of one deadline`);
  restart(upTo(2), 'dddddddddddddddd');
  assert.deepEqual([hear(wire), wire.sent], [[true, true], { a: 2, b: 2 }]);
  assert.equal(wire.unread, 0);
});

test('a recording of a newer release beside a silent or an older twin brings nobody to speak what that cannot read', () => {
  const wire = pair({ a: upTo(2), b: FIRST });
  run(wire, 1000);
  const { a } = wire.nodes;
  const alone = new Driven('a', 3).fit();
  alone.run(100);
  const recorded = a.beat({ version: 2, speaks: 2, boot: 'eeeeeeeeeeeeeeee', sequence: 5, hearing: '' });
  for (let time = 0; time < 20; time += 1) {
    a.give({ type: 'beat', link: 'serial', beat: recorded });
    run(wire, 10);
    assert.equal(wire.sent.a, 1);
    alone.give({ type: 'beat', link: 'serial', beat: recorded });
    alone.run(10);
    assert.equal(alone.state.lastBeat?.version, 1);
  }
  assert.deepEqual([hear(wire), wire.unread], [[true, true], 0]);
});
