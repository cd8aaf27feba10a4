import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driven } from './harness.ts';

/** A standby under an owner, which has term 3. */
function standby(): Driven {
  const node = new Driven('b', 3).fit();
  node.twin = () => ({ role: 'active', term: 3 });
  node.run(600);
  node.log.length = 0;
  return node;
}

/** The twin falls silent and nobody answers for the floats: how long until they are installed, ms after its last beat. */
function takesAfter(node: Driven): number {
  node.twin = undefined;
  const last = Math.max(...Object.values(node.state.peer.links).map(({ at }) => at));
  const before = node.effects('install').length;
  node.run(3000);
  return (node.effects('install')[before]?.at ?? Infinity) - last;
}

/** The owner that was replaced is heard: it owns still. Then it takes the floats back, as unasked as they were taken. */
function takenBack(node: Driven): void {
  node.hear({ role: 'active', term: node.state.own!.term - 1 });
  const term = node.state.own!.term + 1;
  node.hear({ role: 'active', term });
  assert.equal(node.state.role, 'standby');
  node.twin = () => ({ role: 'active', term });
  node.run(100);
}

test('the first takeover is as fast as ever, and so is the one after a first that was wrong', () => {
  const node = standby();
  assert.equal(takesAfter(node), 100);
  assert.deepEqual(node.state.wrongMoves, []);
  node.hear({ role: 'active', term: 3 });
  node.hear({ role: 'active', term: 3 });
  assert.equal(node.state.wrongMoves.length, 1, 'one move is counted once');
});

test('the silence after two wrong moves within 10 s has to last longer, and longer still after more, up to 2 s', () => {
  const node = standby();
  const took = [takesAfter(node)];
  for (let round = 0; round < 3; round += 1) {
    takenBack(node);
    took.push(takesAfter(node));
  }
  assert.deepEqual(took, [100, 600, 2100, 2100]);
  assert.ok(node.state.wrongMoves.length <= 4);
  assert.match(
    node.lastTransition()?.evidence ?? '',
    /a silent for 2100 ms .*, waited for because \d moves within 10 s were wrong/,
  );
});

test('while it waits longer the alarm says why', () => {
  const node = standby();
  takesAfter(node);
  takenBack(node);
  node.twin = undefined;
  node.run(300);
  assert.equal(node.state.role, 'standby');
  const { text } = node.state.alarms.find(({ code }) => code === 'peer-silent')!;
  assert.match(
    text,
    /2 moves within 10 s were wrong, so the next waits 500 ms longer: mend the heartbeat links and the LANs/,
  );
  node.hear({ role: 'active', term: 5 });
  assert.deepEqual(node.alarms(), []);
});

test('wrong moves are forgotten after 10 s', () => {
  const node = standby();
  takesAfter(node);
  takenBack(node);
  node.run(10_000);
  assert.equal(takesAfter(node), 100);
});

test('an owner that comes back from a power cut, or that this node finds after standing still, makes no move wrong', () => {
  const cut = standby();
  takesAfter(cut);
  cut.twinBoot = 'cccccccccccccccc';
  cut.hear({ role: 'active', term: 3 });
  assert.deepEqual(cut.state.wrongMoves, []);

  const still = standby();
  takesAfter(still);
  still.now += 5000;
  still.hear({ role: 'active', term: 9 });
  assert.equal(still.state.role, 'standby');
  assert.deepEqual(still.state.wrongMoves, []);
});

test('an owner that is outranked while it knows of no stall of its own counts that as well', () => {
  const node = standby();
  takesAfter(node);
  node.hear({ role: 'active', term: 9 });
  assert.equal(node.state.wrongMoves.length, 1);
});
