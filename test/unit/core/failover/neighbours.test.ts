import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailoverConfig } from '../../../../src/core/failover/types.ts';
import type { Neighbour } from '../../../../src/model/lane.ts';
import { Driven } from './harness.ts';

const GATEWAY: Neighbour = { side: 'public', address: '198.51.100.1', kind: 'gateway' };
const SERVERS: readonly Neighbour[] = ['192.0.2.11', '192.0.2.12'].map((address) => ({
  side: 'private',
  address,
  kind: 'server',
}));
const ALL = [GATEWAY, ...SERVERS];

/** An owner that took the floats from a twin whose last beat came at `last`. */
function owner(part: Partial<FailoverConfig> = {}): { node: Driven; last: number; since: number } {
  const node = new Driven('b', 3, { neighbours: ALL, ...part }).fit();
  for (let beat = 0; beat < 50; beat += 1) {
    node.hear({ role: 'active', term: 3 });
    node.run(20);
  }
  node.hear({ role: 'active', term: 3 });
  const last = node.now;
  while (node.state.role !== 'active') node.run(1);
  return { node, last, since: node.state.own!.since };
}

const answer = (node: Driven, ...neighbours: readonly Neighbour[]): void => {
  for (const { side, address } of neighbours) node.give({ type: 'resolved', side, address });
};

const outcomes = (node: Driven) => node.effects('restored').map(({ effect }) => effect.restored);

test('all are asked at 1, 21, 71, 171, 371, 771, 1571 and 3171 ms, and no longer than 5 s unless it is a gateway', () => {
  const { node, since } = owner();
  node.run(16_000);
  const rounds = node.effects('ask').map(({ at, effect }) => [Math.round(at - since), effect.neighbours.length]);
  assert.deepEqual(
    rounds.filter(([at]) => at! < 5000),
    [1, 21, 71, 171, 371, 771, 1571, 3171].map((at) => [at, 3]),
  );
  const later = node.effects('ask').slice(8);
  assert.ok(later.length >= 2 && later.length <= 3, `${later.length} rounds in 11 s`);
  for (const { effect } of later) assert.deepEqual(effect.neighbours, [GATEWAY]);
});

test('the beat that says who owns the floats goes before the first question', () => {
  const { node } = owner();
  node.run(10);
  const said = node.log.map(({ effect }) => effect).filter(({ type }) => type === 'ask' || type === 'beat');
  const beat = said.findIndex((effect) => effect.type === 'beat' && effect.beat.role === 'active');
  assert.ok(beat >= 0 && beat < said.findIndex(({ type }) => type === 'ask'));
});

test('who has answered is asked no more; restored counts from the last beat heard', () => {
  const { node, last } = owner();
  node.run(5);
  answer(node, GATEWAY, SERVERS[0]!);
  node.run(20);
  assert.deepEqual(node.effects('ask').at(-1)?.effect.neighbours, [SERVERS[1]]);
  assert.deepEqual(outcomes(node), []);
  answer(node, SERVERS[1]!);
  node.run(1);
  const [restored] = outcomes(node);
  assert.ok(restored !== undefined);
  assert.equal(restored.ms, Math.max(...restored.neighbours.map(({ ms }) => ms!)));
  assert.ok(Math.abs(last + restored.ms! - node.now) <= 2, `${restored.ms} ms after the last beat`);
  node.run(10_000);
  assert.equal(node.effects('ask').length, 2);
  assert.equal(outcomes(node).length, 1);
});

test('a real server that is down is told, and no alarm', () => {
  const { node } = owner();
  node.run(5);
  answer(node, GATEWAY, SERVERS[0]!);
  node.run(6000);
  const [restored] = outcomes(node);
  assert.ok(restored?.ms != null);
  assert.deepEqual(
    restored.neighbours.filter(({ ms }) => ms === null).map(({ address }) => address),
    ['192.0.2.12'],
  );
  assert.ok(!node.alarms().some((alarm) => alarm.startsWith('neighbour')));
});

test('a gateway that does not answer within 5 s is an alarm until it does', () => {
  const { node, since } = owner();
  answer(node, ...SERVERS);
  node.run(since + 4900 - node.now);
  const alarmed = (): string[] => node.alarms().filter((alarm) => alarm.startsWith('neighbour'));
  assert.deepEqual(alarmed(), []);
  node.run(200);
  assert.deepEqual(alarmed(), ['neighbour-unresolved 198.51.100.1']);
  assert.deepEqual(
    outcomes(node).map(({ ms }) => ms),
    [null],
  );
  answer(node, GATEWAY);
  node.run(1);
  assert.deepEqual(alarmed(), []);
  assert.ok(outcomes(node).at(-1)!.ms! > 5000);
});

test('answers of strangers, of the wrong side and to a standby count for nothing', () => {
  const { node } = owner();
  answer(node, { ...GATEWAY, side: 'private' }, { ...GATEWAY, address: '198.51.100.77' });
  node.run(1);
  assert.ok(node.state.own?.asking !== undefined && Object.keys(node.state.own.asking.answers).length === 0);
  const standby = new Driven('b', 3, { neighbours: ALL }).fit();
  answer(standby, GATEWAY);
  assert.equal(standby.state.own, undefined);
});

test('a side without carrier is not asked, and its gateway is not the alarm', () => {
  const { node } = owner();
  node.give({ type: 'nic', side: 'public', up: false });
  node.run(6000);
  for (const { effect } of node.effects('ask')) assert.ok(!effect.neighbours.includes(GATEWAY));
  assert.ok(!node.alarms().some((alarm) => alarm.startsWith('neighbour')));
});

test('without neighbours nothing is asked or told', () => {
  const { node } = owner({ neighbours: [] });
  node.run(6000);
  assert.deepEqual([node.effects('ask').length, outcomes(node).length], [0, 0]);
});

test('a claim between two announcements is answered when the pace allows, and the burst follows once it is over', () => {
  const { node } = owner();
  node.run(10_000);
  const before = node.effects('announce').length;
  const claim = (): void => node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:99' });
  claim();
  node.run(10);
  assert.equal(node.effects('announce').length, before + 1);
  claim();
  const second = node.now;
  node.run(5000);
  const times = node
    .effects('announce')
    .slice(before + 1)
    .map(({ at }) => at - second);
  assert.ok(times[0]! > 0 && times[0]! <= 100, `${times[0]} ms after the second claim`);
  assert.equal(times.length, 6);
});

test('when a second owner lets go, the floats are announced as after a take', () => {
  const { node } = owner();
  node.hear({ role: 'active', term: 3 });
  node.run(3000);
  node.hear({ role: 'active', term: 3 });
  const before = node.effects('announce').length;
  node.hear({ role: 'standby', term: 4 });
  node.run(50);
  assert.equal(node.effects('announce').length, before + 2);
});
