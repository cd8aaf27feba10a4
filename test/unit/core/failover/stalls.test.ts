import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driven } from './harness.ts';

const late = (node: Driven) => node.state.alarms.filter(({ code }) => code === 'lane-late');

/** A standby whose twin beats, and that now and then gets no turn for `ms`. */
function standby() {
  const node = new Driven('b', 3).fit();
  node.twin = () => ({ role: 'active', term: 3 });
  node.run(600);
  return {
    node,
    stand(ms: number): void {
      node.now += ms;
      node.give({ type: 'tick' });
      node.run(500);
    },
  };
}

test('a node that stands still three times within a minute says so until a minute has passed', () => {
  const { node, stand } = standby();
  stand(200);
  stand(200);
  assert.deepEqual(late(node), []);
  stand(200);
  const [alarm] = late(node);
  assert.match(alarm?.text ?? '', /woke more than 50 ms late 3 times within 60 s: .* heartbeat\.deadline_ms/);
  node.run(57_000);
  assert.equal(late(node).length, 1);
  node.run(3_000);
  assert.deepEqual(late(node), []);
});

test('wake-ups that are late by less, or seldom, are no alarm', () => {
  const { node, stand } = standby();
  for (let time = 0; time < 10; time++) stand(40);
  for (let time = 0; time < 6; time++) {
    stand(200);
    node.run(35_000);
  }
  assert.deepEqual(
    node.effects('alarm').filter(({ effect }) => effect.alarm.code === 'lane-late'),
    [],
  );
});
