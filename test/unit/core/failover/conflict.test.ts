import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driven } from './harness.ts';

function owner(self: 'a' | 'b' = 'a'): Driven {
  const node = new Driven(self, 3).fit();
  node.twin = () => ({ term: 3, ready: false });
  node.run(400);
  assert.equal(node.state.role, 'active');
  node.log.length = 0;
  return node;
}

test('a higher term drops the floats at once, whoever says it and however it got there', () => {
  for (const role of ['active', 'taking'] as const) {
    const node = owner('a');
    node.hear({ role, term: 5 });
    assert.deepEqual([node.effects('drop').length, node.lastTransition()?.cause], [1, 'higher-term']);
    assert.match(node.lastTransition()?.evidence ?? '', new RegExp(`b is ${role} under term 5, ours is 4`));
  }
});

test('a higher term of one that owns nothing moves nothing', () => {
  const node = owner();
  node.hear({ role: 'standby', term: 50 });
  node.hear({ role: 'releasing', term: 50 });
  assert.equal(node.effects('drop').length, 0);
});

test('equal terms: b goes, a stays; a lower term impresses nobody', () => {
  const b = owner('b');
  b.hear({ role: 'active', term: 4 });
  assert.equal(b.lastTransition()?.cause, 'tie-break');
  const a = owner('a');
  a.hear({ role: 'active', term: 4 });
  a.hear({ role: 'active', term: 2 });
  assert.equal(a.effects('drop').length, 0);
});

test('an owner that stood still keeps its floats but neither renews nor announces until it knows', () => {
  const node = owner();
  node.twin = undefined;
  node.now += 5000;
  node.give({ type: 'tick' });
  node.run(15);
  assert.deepEqual([node.effects('renew').length, node.effects('announce').length], [0, 0]);
  assert.ok(node.effects('probe').length > 0);
  node.run(100);
  assert.ok(node.effects('renew').length > 0 && node.effects('announce').length > 0, 'nobody answered: still ours');

  const outdone = owner();
  outdone.now += 5000;
  outdone.hear({ role: 'active', term: 9 });
  assert.deepEqual([outdone.effects('renew').length, outdone.lastTransition()?.cause], [0, 'higher-term']);

  const claimed = owner();
  claimed.twin = undefined;
  claimed.now += 5000;
  claimed.give({ type: 'tick' });
  claimed.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:0b' });
  assert.deepEqual([claimed.effects('renew').length, claimed.lastTransition()?.cause], [0, 'stalled']);
});

test('the twin’s word ends the doubt within a beat', () => {
  const node = owner();
  node.now += 5000;
  node.give({ type: 'tick' });
  node.run(25);
  assert.equal(node.state.own?.doubt, undefined);
  assert.ok(node.effects('renew').length > 0);
});

test('one float gone from the kernel: both set again while the twin hears us, both let go when it may have them', () => {
  const heard = owner();
  heard.give({ type: 'floats', held: { public: true, private: false } });
  assert.deepEqual(
    heard.effects('install').map(({ effect }) => effect.term),
    [4],
  );
  assert.equal(heard.state.role, 'active');

  const alone = owner();
  alone.twin = undefined;
  alone.run(200);
  alone.give({ type: 'floats', held: { public: true, private: false } });
  assert.deepEqual([alone.effects('drop').length, alone.lastTransition()?.cause], [1, 'floats-lost']);
  alone.run(150);
  assert.equal(alone.state.own?.term, 5, 'taken anew by proof');
});

test('a standby that finds a float in its kernel removes it', () => {
  const node = new Driven('b').fit();
  node.give({ type: 'floats', held: { public: true, private: true } });
  assert.equal(node.effects('drop').length, 1);
});

test('a foreign claim is answered and reported, and moves nothing while the twin is heard', () => {
  const node = owner('b');
  for (let round = 0; round < 10; round += 1) {
    node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:99' });
    node.give({ type: 'claim', side: 'private', mac: '02:00:00:00:00:99' });
    node.run(30);
  }
  const announced = node.effects('announce').length;
  assert.ok(announced >= 2 && announced <= 6, `${announced} announcements in 300 ms`);
  assert.deepEqual(
    node.alarms().filter((alarm) => alarm.startsWith('floats')),
    ['floats-contested public', 'floats-contested private'],
  );
  assert.equal(node.state.role, 'active');
  node.run(6000);
  assert.ok(!node.alarms().some((alarm) => alarm.startsWith('floats')));
});

test('two owners that no beat reaches: b gives way when both its floats are claimed for a while', () => {
  for (const [self, role] of [
    ['a', 'active'],
    ['b', 'standby'],
  ] as const) {
    const node = owner(self);
    node.twin = undefined;
    node.run(200);
    node.floatsAnswer = true;
    for (let round = 0; round < 40; round += 1) {
      node.run(10);
      node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:99' });
      node.give({ type: 'claim', side: 'private', mac: '02:00:00:00:00:99' });
    }
    assert.equal(node.state.role, role);
  }
});

test('both NICs down and the twin silent: the floats go, for the twin may prove them unheld', () => {
  const node = owner();
  node.twin = undefined;
  node.give({ type: 'nic', side: 'public', up: false });
  node.give({ type: 'nic', side: 'private', up: false });
  node.run(60);
  assert.equal(node.state.role, 'active');
  node.run(60);
  assert.equal(node.lastTransition()?.cause, 'nic-down');
});

test('renewed every half second; announced at 0, 20, 100, 500, 1000, 2000 ms and then every minute', () => {
  const node = new Driven('a').fit();
  node.run(600);
  const since = node.state.own!.since;
  node.run(130_000);
  assert.deepEqual(
    node.effects('announce').map(({ at }) => Math.round(at - since)),
    [0, 20, 100, 500, 1000, 2000, 62_000, 122_000],
  );
  const renewals = node.effects('renew').map(({ at }) => at);
  assert.ok(renewals.every((at, index) => index === 0 || at - renewals[index - 1]! <= 501));
});

test('what the former owner announced at its last moment may come after the take, and is no contest', () => {
  const node = standing();
  const contested = () => node.alarms().filter((alarm) => alarm.startsWith('floats'));
  node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:99' });
  assert.deepEqual([node.state.role, contested()], ['active', []]);
  node.run(node.state.config.interval);
  assert.deepEqual(contested(), []);
  node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:99' });
  assert.deepEqual(contested(), ['floats-contested public']);
});

/** A node that has this moment become the owner. */
function standing(): Driven {
  const node = new Driven('a', 3).fit();
  node.twin = () => ({ term: 3, ready: false });
  for (let ms = 0; ms < 400 && node.state.role !== 'active'; ms += 1) node.run(1);
  return node;
}
