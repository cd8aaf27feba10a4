import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Beat } from '../../../../src/codec/beat.ts';
import { Driven } from './harness.ts';

/** A standby whose twin has been active for a while. */
function standby(self: 'a' | 'b' = 'b'): Driven {
  const node = new Driven(self, 3).fit();
  node.twin = () => ({ role: 'active', term: 3 });
  node.run(600);
  assert.equal(node.state.role, 'standby');
  assert.equal(node.state.promise, 4, 'a term is on disk before it is needed');
  node.log.length = 0;
  return node;
}

test('a power cut: probes from the first missed beat, installs when both proofs hold', () => {
  const node = standby();
  node.twin = undefined;
  const last = Math.max(...Object.values(node.state.peer.links).map((link) => link.at));
  node.run(300);
  const probes = node.effects('probe').map((entry) => entry.at - last);
  assert.deepEqual(probes.slice(0, 3), [35, 50, 65]);
  assert.deepEqual(
    node.effects('install').map((entry) => [entry.at - last, entry.effect.term]),
    [[100, 4]],
  );
  assert.equal(node.effects('persist').length, 0, 'no write stands in the way');
  assert.equal(node.state.role, 'active');
  assert.deepEqual(
    node.effects('announce').map((entry) => entry.at - last),
    [100, 120, 200],
  );
  const record = node.lastTransition();
  assert.equal(record?.cause, 'peer-silent');
  assert.match(
    record?.evidence ?? '',
    /^a silent for 100 ms on serial, public, private; neither float answered \d+ probes/,
  );
});

test('between the floats and their announcement nothing goes out; the beat that says who owns them comes after', () => {
  const node = standby();
  node.twin = undefined;
  node.run(300);
  const order = node.log.map(({ effect }) => effect).filter((effect) => effect.type !== 'alarm');
  const from = order.findIndex((effect) => effect.type === 'install');
  assert.deepEqual(
    order.slice(from, from + 4).map((effect) => (effect.type === 'beat' ? effect.beat.role : effect.type)),
    ['install', 'record', 'announce', 'active'],
  );
});

test('while the floats answer nobody takes them; the alarm stands; they are taken as soon as they fall silent', () => {
  const node = standby();
  node.twin = undefined;
  node.floatsAnswer = true;
  node.run(5000);
  assert.equal(node.effects('install').length, 0);
  assert.ok(node.alarms().includes('peer-silent-floats-answer'));
  const probes = node.effects('probe').filter((entry) => entry.at > node.now - 1000).length;
  assert.ok(probes >= 8 && probes <= 12, `${probes} probes a second`);
  node.floatsAnswer = false;
  const silentFrom = node.now;
  node.run(300);
  const taken = node.effects('install')[0]!.at - silentFrom;
  assert.ok(taken <= 100 + 60 + 5, `${taken} ms`);
  assert.ok(!node.alarms().includes('peer-silent-floats-answer'));
});

test('one float answering is enough to stay away', () => {
  const node = standby();
  node.twin = undefined;
  for (let round = 0; round < 100; round += 1) {
    node.run(10);
    node.give({ type: 'claim', side: 'private', mac: '02:00:00:00:00:99' });
  }
  assert.equal(node.effects('install').length, 0);
});

test('a lost beat or two start probes and end them, and move nothing', () => {
  const node = standby();
  const { twin } = node;
  node.twin = undefined;
  node.run(70);
  assert.ok(node.effects('probe').length >= 2);
  node.twin = twin;
  node.run(60);
  node.log.length = 0;
  node.run(500);
  assert.deepEqual([node.effects('probe').length, node.state.role], [0, 'standby']);
});

test('a node that is not fit neither probes nor takes, and takes once it is', () => {
  for (const ill of [
    { type: 'nic', side: 'public', up: false },
    { type: 'nic', side: 'private', up: false },
    { type: 'controller', ready: false },
  ] as const) {
    const node = standby();
    node.give(ill);
    node.twin = undefined;
    node.run(2000);
    assert.deepEqual([node.effects('install').length, node.effects('probe').length], [0, 0]);
    node.give(ill.type === 'nic' ? { ...ill, up: true } : { ...ill, ready: true });
    node.run(100);
    assert.equal(node.state.role, 'active');
  }
});

test('a silent controller takes nothing back', () => {
  const node = standby();
  node.give({ type: 'controller', ready: undefined });
  assert.ok(node.state.ready);
  node.twin = undefined;
  node.run(300);
  assert.equal(node.state.role, 'active');
});

test('no term on disk, no take; a write that does not come is asked for again, and the twin is told', () => {
  const node = new Driven('b', 0);
  node.obliging = false;
  node.fit().run(3200);
  assert.equal(node.effects('install').length, 0);
  const asked = node.effects('persist').map((entry) => Math.round((entry.at - 1000) / 100));
  assert.deepEqual(asked, [0, 10, 20, 30]);
  assert.equal(node.effects('beat').at(-1)?.effect.beat.ready, false);
  assert.ok(node.alarms().includes('not-ready disk'));
  node.give({ type: 'persisted', term: 1 });
  node.run(100);
  assert.deepEqual(
    node.effects('install').map((entry) => entry.effect.term),
    [1],
  );
});

test('a twin never heard is given its time to start', () => {
  const node = new Driven('a').fit();
  node.run(490);
  assert.equal(node.effects('install').length, 0);
  node.run(20);
  assert.equal(node.effects('install').length, 1);
  assert.equal(node.lastTransition()?.cause, 'first-start');
});

test('a standby that stood still listens and probes anew before it takes', () => {
  const node = standby();
  node.twin = undefined;
  node.now += 5000;
  node.give({ type: 'tick' });
  const woke = node.now;
  node.run(300);
  assert.equal(node.effects('install')[0]!.at - woke, 100);
  assert.ok(node.effects('probe').filter((entry) => entry.at >= woke).length >= 3);
});

test('both standby: a takes, with the consent of b', () => {
  const node = new Driven('a', 5).fit();
  let role: 'standby' | 'taking' = 'standby';
  node.twin = () => ({ role, term: 7 });
  node.run(300);
  const asked = node.effects('beat').find((entry) => entry.effect.beat.role === 'taking');
  assert.ok(asked);
  assert.equal(node.effects('install')[0]?.effect.term, 8, 'above every term anybody owned under');
  assert.equal(node.lastTransition()?.cause, 'first-start');
  role = 'taking';
});

test('both standby: without an answer to its own asking, a does not take', () => {
  const node = new Driven('a', 5).fit();
  node.twin = (beat) =>
    beat.role === 'taking' ? { role: 'standby', heard: { serial: 1, heartbeat: 0, public: 1, private: 1 } } : {};
  node.run(600);
  assert.equal(node.effects('install').length, 0);
});

test('both standby: b leaves it to a that is fit, and takes at once from one that is not', () => {
  const patient = new Driven('b').fit();
  patient.twin = () => ({});
  patient.run(700);
  assert.equal(patient.effects('install').length, 0);
  patient.run(600);
  assert.equal(patient.effects('install').length, 1, 'a has had its chance');

  const needed = new Driven('b').fit();
  needed.twin = () => ({ ready: false });
  needed.run(300);
  assert.equal(needed.effects('install').length, 1);
  assert.equal(needed.lastTransition()?.cause, 'peer-unfit');
});

test('both asking at once: the lower of equals withdraws', () => {
  const node = new Driven('b', 5).fit();
  node.twin = () => ({ ready: false, term: 5 });
  node.run(60);
  node.twin = (beat) => (beat.role === 'taking' ? { role: 'taking', term: 6 } : { ready: false, term: 5 });
  node.run(400);
  assert.equal(node.effects('install').length, 0);
});

test('two nodes deaf to each other: b lets a, which probes too, go first', () => {
  const node = new Driven('b').fit();
  for (let round = 0; round < 80; round += 1) {
    node.run(10);
    node.give({ type: 'rival', side: 'public', mac: '02:00:00:00:00:0a' });
  }
  assert.equal(node.effects('install').length, 0);
  node.run(200);
  assert.equal(node.effects('install').length, 1);

  const other = new Driven('a').fit();
  for (let round = 0; round < 80; round += 1) {
    other.run(10);
    other.give({ type: 'rival', side: 'public', mac: '02:00:00:00:00:0b' });
  }
  assert.equal(other.effects('install').length, 1);
});

test('b lets a go first as well when it had long been asking for floats that answered', () => {
  const node = standby();
  node.twin = undefined;
  node.floatsAnswer = true;
  node.run(3000);
  node.floatsAnswer = false;
  for (let round = 0; round < 40; round += 1) {
    node.run(10);
    node.give({ type: 'rival', side: 'public', mac: '02:00:00:00:00:0a' });
  }
  assert.equal(node.effects('install').length, 0);
  node.run(200);
  assert.equal(node.effects('install').length, 1);
});

test('a kernel that refuses the floats: both are dropped, and the twin is told that it is its turn', () => {
  const node = standby();
  node.obliging = false;
  node.twin = undefined;
  node.run(200);
  assert.equal(node.state.role, 'taking');
  node.give({ type: 'install-failed', term: 4, reason: 'RTNETLINK: no such device' });
  assert.equal(node.effects('drop').length, 1);
  node.give({ type: 'dropped' });
  assert.equal(node.state.role, 'standby');
  assert.match(node.lastTransition()?.evidence ?? '', /no such device/);
  assert.equal(node.effects('beat').at(-1)?.effect.beat.ready, false);
  assert.equal(node.state.term, 4, 'a term is never used twice');
});

test('both standby while a foreign machine has a float: nobody takes, and the alarm says why', () => {
  const node = new Driven('a').fit();
  node.twin = () => ({});
  node.floatsAnswer = true;
  node.run(2000);
  assert.equal(node.effects('install').length, 0);
  assert.deepEqual(node.alarms(), ['floats-contested public', 'floats-contested private']);
});

/**
 * A standby that hears its twin, also on standby, every 20 ms; each echo is as old as `delay` of its number says, ms.
 * @param meanwhile called before each of the twin's beats.
 */
function afterSlowEchoes(
  delay: (count: number) => number,
  meanwhile: (node: Driven) => void = () => {},
  node = new Driven('a').fit(),
  twin: Partial<Beat> = {},
): Driven {
  for (let count = 0; count < 150; count += 1) {
    node.run(20);
    meanwhile(node);
    const old = node.effects('beat').findLast(({ at }) => at <= node.now - delay(count));
    const word = old?.effect.beat.sequence ?? 0;
    const heard = { serial: word, heartbeat: 0, public: word, private: word };
    node.hear({ ...twin, heard, hearing: word === 0 ? '' : node.state.config.boot });
  }
  return node;
}

/** Its echoes prove that it lives at first, and are older than the deadline from then on. */
const tooOld = (count: number): number => (count < 2 ? 0 : 130);

test('links that delay what they carry: a takes as soon as one consent is fresh', () => {
  const node = afterSlowEchoes((count) => (count % 10 === 0 ? 70 : 130));
  assert.equal(node.state.role, 'active');
  assert.match(node.lastTransition()?.evidence ?? '', /b is standby and consents/);
});

test('links whose every echo is older than the deadline: the floats are asked for anew, and then the consent counts', () => {
  const node = afterSlowEchoes(tooOld);
  assert.equal(node.state.role, 'active');
  const asked = node.effects('beat').find(({ effect }) => effect.beat.role === 'taking')!.at;
  const took = node.effects('install')[0]!.at;
  const { deadline, probeSilence, handOverTimeout } = node.state.config;
  assert.ok(took - asked >= deadline + probeSilence && took - asked < handOverTimeout, `${took - asked} ms`);
  const probes = node.effects('probe').filter(({ at }) => at > asked && at <= took);
  assert.ok(probes.length >= 4, `${probes.length} probes`);
  assert.ok(probes[0]!.at - asked > deadline, 'no consent that is older than the deadline is one by itself');
});

test('a consent that is older than the deadline is none once somebody answers for the floats', () => {
  const node = afterSlowEchoes(tooOld, (each) => {
    each.floatsAnswer = each.state.role === 'taking';
  });
  assert.ok(node.effects('beat').some(({ effect }) => effect.beat.role === 'taking'));
  assert.equal(node.effects('install').length, 0);
});

test('nor for b while a probes for the floats as well', () => {
  const rival = (node: Driven): void => node.give({ type: 'rival', side: 'public', mac: '02:00:00:00:00:0a' });
  const b = afterSlowEchoes(tooOld, rival, new Driven('b').fit(), { ready: false });
  assert.ok(b.effects('beat').some(({ effect }) => effect.beat.role === 'taking'));
  assert.equal(b.effects('install').length, 0);
  const alone = afterSlowEchoes(tooOld, () => {}, new Driven('b').fit(), { ready: false });
  assert.equal(alone.state.role, 'active');
});

test('no consent that is older than a hand-over may take is one', () => {
  const node = afterSlowEchoes((count) => (count < 2 ? 0 : 520));
  assert.equal(node.effects('install').length, 0);
});

test('a twin that falls silent while its consent is waited for is waited for no longer than any other', () => {
  const node = new Driven('a').fit();
  let silent = false;
  node.twin = (beat) => {
    silent ||= beat.role === 'taking';
    return silent ? undefined : {};
  };
  node.run(1000);
  const asked = node.effects('beat').find(({ effect }) => effect.beat.role === 'taking')!.at;
  const took = node.effects('install')[0]!.at;
  assert.ok(took - asked <= 200, `${took - asked} ms`);
  assert.equal(node.lastTransition()?.cause, 'peer-silent');
});
