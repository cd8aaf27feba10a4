import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driven } from './harness.ts';

function owner(): Driven {
  const node = new Driven('a', 3).fit();
  node.twin = () => ({ term: 3 });
  node.run(400);
  assert.equal(node.state.role, 'active');
  node.log.length = 0;
  return node;
}

const answers = (node: Driven): [boolean, string][] =>
  node.effects('answer').map(({ effect }) => [effect.ok, effect.text]);

test('asked for: the twin prepares, both floats go, then comes the word, then the answer', () => {
  const node = owner();
  const term = node.state.own!.term;
  node.obliging = false;
  let role: 'standby' | 'active' = 'standby';
  node.twin = (beat) => {
    if (beat.granted !== 0) role = 'active';
    return role === 'active' ? { role, term: term + 1 } : { term, prepared: beat.handingOver ? term + 1 : 0 };
  };
  node.give({ type: 'hand-over', request: 9, by: 'cli:root' });
  assert.equal(node.effects('drop').length, 1);
  assert.ok(
    node.effects('beat').every(({ effect }) => effect.beat.granted === 0),
    'no word before the floats are gone',
  );
  node.give({ type: 'dropped' });
  const granted = node.effects('beat').find(({ effect }) => effect.beat.granted !== 0);
  assert.equal(granted?.effect.beat.granted, term + 1);
  assert.equal(granted?.effect.beat.role, 'standby');
  node.run(50);
  assert.deepEqual(answers(node), [[true, `b owns the floats under term ${term + 1}`]]);
  assert.equal(node.lastTransition()?.cause, 'hand-over');
  assert.match(node.lastTransition()?.evidence ?? '', /asked for by cli:root/);
});

test('asked for at the front panel: recorded as its button', () => {
  const node = owner();
  node.twin = (beat) => ({ term: 3, prepared: beat.handingOver ? 9 : 0 });
  node.give({ type: 'hand-over', request: 1, by: 'the front panel’s button', cause: 'button' });
  node.run(50);
  assert.equal(node.lastTransition()?.cause, 'button');
  assert.match(node.lastTransition()?.evidence ?? '', /^asked for by the front panel’s button; b is fit/);
});

test('the button is refused what clients would lose by, as far as the controller says; an operator’s word is not', () => {
  const loss = 'b finds no server up for web: its clients would be refused';
  const pressed = (
    said: Partial<{ ready: boolean; against: string | null }>,
    cause: 'button' | 'hand-over',
  ): Driven => {
    const node = owner();
    node.twin = (beat) => ({ term: 3, prepared: beat.handingOver ? 9 : 0 });
    node.give({ type: 'controller', ready: true, against: loss });
    node.give({ type: 'controller', ready: undefined, ...said });
    node.give({ type: 'hand-over', request: 1, by: 'x', cause });
    node.run(50);
    return node;
  };
  const refused = pressed({ ready: true, against: loss }, 'button');
  assert.equal(refused.state.role, 'active');
  const { effect } = refused.effects('answer')[0]!;
  assert.deepEqual([effect.ok, effect.text], [false, loss]);
  assert.match(effect.remedy ?? '', /tandem hand-over --force/);
  for (const node of [
    pressed({ ready: true, against: loss }, 'hand-over'),
    pressed({ ready: true, against: null }, 'button'),
    pressed({ ready: true }, 'button'),
    pressed({}, 'button'),
  ]) {
    assert.equal(node.state.role, 'standby');
  }
});

test('refused with the reason, and nothing moves', () => {
  const cases: [string, (node: Driven) => void, RegExp][] = [
    [
      'silent',
      (node) => {
        node.twin = undefined;
      },
      /^b is not heard$/,
    ],
    [
      'deaf',
      (node) => {
        node.twinHears = false;
      },
      /^b does not hear this node$/,
    ],
    [
      'NIC down',
      (node) => {
        node.twin = () => ({ publicUp: false });
      },
      /its public NIC is down/,
    ],
    [
      'not ready',
      (node) => {
        node.twin = () => ({ ready: false });
      },
      /it is not ready/,
    ],
    [
      'taking',
      (node) => {
        node.twin = () => ({ role: 'releasing' });
      },
      /^b is releasing$/,
    ],
  ];
  for (const [name, ail, reason] of cases) {
    const node = owner();
    ail(node);
    node.run(300);
    node.give({ type: 'hand-over', request: 1, by: 'test' });
    assert.equal(answers(node)[0]?.[0], false, name);
    assert.match(answers(node)[0]?.[1] ?? '', reason);
    assert.equal(node.state.role, 'active');
  }
});

test('refused while one is under way, and by a standby', () => {
  const node = owner();
  node.give({ type: 'hand-over', request: 1, by: 'test' });
  node.give({ type: 'hand-over', request: 2, by: 'test' });
  assert.deepEqual(answers(node), [[false, 'a hand-over is under way']]);
  const idle = new Driven('b').fit();
  idle.give({ type: 'hand-over', request: 3, by: 'test' });
  assert.match(answers(idle)[0]?.[1] ?? '', /^b does not hold the floats \(standby\); ask a$/);
});

test('a twin that does not prepare in time: refused, kept', () => {
  const node = owner();
  node.give({ type: 'hand-over', request: 1, by: 'test' });
  node.run(600);
  assert.deepEqual(answers(node), [[false, 'b did not prepare within 500 ms']]);
  assert.deepEqual([node.state.role, node.effects('drop').length], ['active', 0]);
  assert.equal(node.effects('beat').at(-1)?.effect.beat.handingOver, false);
});

test('a twin that got the word and vanished: taken back by proof, under a term above the one given away', () => {
  const node = owner();
  const term = node.state.own!.term;
  node.twin = (beat) => ({ term, prepared: beat.handingOver ? term + 1 : 0 });
  node.give({ type: 'hand-over', request: 1, by: 'test' });
  node.twin = undefined;
  node.run(480);
  assert.equal(node.effects('install').length, 0, 'not while the word may still be heeded');
  node.run(300);
  assert.deepEqual(
    node.effects('install').map(({ effect }) => effect.term),
    [term + 2],
  );
  assert.equal(answers(node)[0]?.[0], false);
});

test('a NIC down: handed over of its own accord to a fit twin, kept without one, and no preemption', () => {
  const node = owner();
  const term = node.state.own!.term;
  node.twin = () => ({ term, privateUp: false });
  node.run(100);
  node.give({ type: 'nic', side: 'public', up: false });
  node.run(500);
  assert.equal(node.state.role, 'active', 'the twin is no better');
  node.twin = (beat) =>
    node.state.role === 'active'
      ? { term, prepared: beat.handingOver ? term + 1 : 0 }
      : { term: term + 1, role: 'active' };
  node.run(100);
  assert.equal(node.lastTransition()?.cause, 'nic-down');
  assert.match(node.lastTransition()?.evidence ?? '', /the public NIC is down; b is fit/);
  node.give({ type: 'nic', side: 'public', up: true });
  node.run(3000);
  assert.equal(node.state.role, 'standby');
});

test('a kernel no longer ready is left only when that lasts', () => {
  const node = owner();
  const term = node.state.own!.term;
  node.twin = (beat) =>
    node.state.role === 'active'
      ? { term, prepared: beat.handingOver ? term + 1 : 0 }
      : { role: 'active', term: term + 1 };
  node.give({ type: 'controller', ready: false });
  node.run(4900);
  assert.equal(node.state.role, 'active');
  node.run(200);
  assert.equal(node.lastTransition()?.cause, 'not-ready');
});

test('shutdown: handed over to a fit twin, dropped without one, ended in any case', () => {
  const node = owner();
  const term = node.state.own!.term;
  node.twin = (beat) =>
    beat.granted === 0 ? { term, prepared: beat.handingOver ? term + 1 : 0 } : { role: 'active', term: term + 1 };
  node.give({ type: 'shutdown' });
  node.run(60);
  assert.deepEqual([node.lastTransition()?.cause, node.effects('ended').length], ['shutdown', 1]);

  const alone = owner();
  alone.twin = undefined;
  alone.run(200);
  alone.give({ type: 'shutdown' });
  assert.deepEqual([alone.effects('drop').length, alone.effects('ended').length], [1, 1]);
  alone.run(2000);
  assert.equal(alone.effects('install').length, 0, 'it never takes again');

  const standby = new Driven('b').fit();
  standby.give({ type: 'shutdown' });
  standby.run(1000);
  assert.deepEqual([standby.effects('ended').length, standby.effects('install').length], [1, 0]);
});

function heir(): Driven {
  const node = new Driven('b', 3).fit();
  node.twin = () => ({ role: 'active', term: 3, handingOver: true });
  node.run(400);
  node.log.length = 0;
  return node;
}

test('the twin answers with the term on its disk and installs on the word at once, without a probe', () => {
  const node = heir();
  assert.equal(node.state.lastBeat?.prepared, 4);
  node.twin = undefined;
  node.hear({ role: 'standby', term: 3, granted: 4 });
  assert.deepEqual([node.state.role, node.effects('install').length, node.effects('probe').length], ['active', 1, 0]);
  assert.equal(node.lastTransition()?.cause, 'hand-over');
});

test('a word for another term, from before a stall, or to an unfit node is not heeded', () => {
  for (const spoil of [
    (node: Driven) => node.hear({ role: 'standby', term: 3, granted: 5 }),
    (node: Driven) => node.hear({ role: 'standby', term: 3, granted: 3 }),
    (node: Driven) => {
      const stale = node.beat({ role: 'standby', term: 3, granted: 4, sequence: node.twinSequence + 1 });
      node.now += 5000;
      node.give({ type: 'beat', link: 'serial', beat: stale });
    },
    (node: Driven) => {
      node.give({ type: 'nic', side: 'public', up: false });
      node.hear({ role: 'standby', term: 3, granted: 4 });
    },
  ]) {
    const node = heir();
    node.twin = undefined;
    spoil(node);
    assert.equal(node.effects('install').length, 0, String(spoil));
  }
});

/** An owner whose twin's words come eight beats late: beyond the deadline, within the time of a hand-over. */
function ownerOfLateTwin(): Driven {
  const node = owner();
  node.twin = (beat) => {
    const word = node.state.sequence - 8;
    const heard = { serial: word, heartbeat: 0, public: word, private: word };
    return { term: 3, prepared: beat.handingOver ? 9 : 0, heard };
  };
  node.run(200);
  return node;
}

test('on a word that is late for the deadline nobody who serves lets go', () => {
  const node = ownerOfLateTwin();
  node.give({ type: 'hand-over', request: 1, by: 'cli:root' });
  assert.deepEqual(answers(node), [[false, 'b does not hear this node']]);
  node.run(1000);
  assert.equal(node.state.role, 'active');
});

test('with a dead NIC nobody is served, and a late word is enough', () => {
  const node = ownerOfLateTwin();
  node.give({ type: 'nic', side: 'private', up: false });
  node.run(200);
  assert.equal(node.state.role, 'standby');
  assert.equal(node.lastTransition()?.cause, 'nic-down');
});
