import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerHeard } from '../../../../src/core/failover/silence.ts';
import { Driven, LINKS } from './harness.ts';

function hearing(): Driven {
  const node = new Driven('b', 3).fit();
  node.twin = () => ({ role: 'active', term: 3 });
  node.run(300);
  node.twin = undefined;
  return node;
}

test('the same beat counts once on each link', () => {
  const node = hearing();
  const beat = node.beat({ role: 'active', term: 3, sequence: 1000 });
  for (const link of LINKS) {
    node.give({ type: 'beat', link, beat });
    assert.equal(node.state.peer.links[link].at, node.now);
  }
  node.run(10);
  for (const link of LINKS) {
    node.give({ type: 'beat', link, beat });
    assert.equal(node.state.peer.links[link].at, node.now - 10);
  }
});

test('a recording of one link does not pass on another that was silent meanwhile', () => {
  const node = hearing();
  node.give({ type: 'beat', link: 'public', beat: node.beat({ role: 'active', sequence: 1000 }) });
  node.run(150);
  for (let sequence = 500; sequence < 900; sequence += 1) {
    node.give({ type: 'beat', link: 'serial', beat: node.beat({ role: 'active', sequence }) });
  }
  assert.equal(peerHeard(node.state, node.now), false);
});

test('a late beat shows that its link works, and is no news', () => {
  const node = hearing();
  node.give({ type: 'beat', link: 'public', beat: node.beat({ role: 'active', term: 3, sequence: 1000 }) });
  node.give({ type: 'beat', link: 'serial', beat: node.beat({ role: 'standby', term: 3, sequence: 998 }) });
  assert.equal(node.state.peer.beat?.role, 'active');
  assert.equal(node.state.peer.links.serial.at, node.now);
});

test('an unknown boot counts for nothing until it echoes a beat of ours that is young enough', () => {
  const node = hearing();
  node.run(50);
  const stranger = { boot: 'cccccccccccccccc', role: 'active', term: 99 } as const;
  node.twinHears = false;
  for (let sequence = 1; sequence < 20; sequence += 1) {
    node.give({ type: 'beat', link: 'serial', beat: node.beat({ ...stranger, sequence }) });
    node.run(10);
  }
  assert.deepEqual([node.state.term >= 99, peerHeard(node.state, node.now)], [false, false]);
  assert.equal(node.state.lastBeat?.hearing, stranger.boot, 'but it is echoed, so that it can');

  const old = node.state.sequence;
  node.run(300);
  const heard = { serial: old, heartbeat: 0, public: 0, private: 0 };
  const boot = node.state.config.boot;
  node.give({ type: 'beat', link: 'serial', beat: node.beat({ ...stranger, sequence: 30, hearing: boot, heard }) });
  assert.equal(peerHeard(node.state, node.now), false, 'an echo from long ago is a recording');

  node.twinHears = true;
  node.give({ type: 'beat', link: 'serial', beat: node.beat({ ...stranger, sequence: 31 }) });
  assert.deepEqual([node.state.term, peerHeard(node.state, node.now)], [99, true]);
});

test('a boot left behind never comes back, not even with an echo', () => {
  const node = hearing();
  node.hear({ boot: 'cccccccccccccccc', role: 'standby', term: 3 });
  assert.equal(node.state.peer.boot, 'cccccccccccccccc');
  node.run(150);
  node.give({ type: 'beat', link: 'serial', beat: node.beat({ boot: 'aaaaaaaaaaaaaaaa', sequence: 5000, term: 77 }) });
  assert.deepEqual([peerHeard(node.state, node.now), node.state.term < 77], [false, true]);
});

test('past boots are bounded', () => {
  const node = hearing();
  for (let boot = 1; boot < 100; boot += 1) {
    node.hear({ boot: boot.toString(16).padStart(16, 'c') });
    node.run(20);
  }
  assert.equal(node.state.peer.past.length, 16);
  assert.ok(node.state.sent.length <= 64);
});

test('a beat of another pair, of ourselves, or on a link nobody asked for is none', () => {
  const node = hearing();
  node.run(150);
  const beat = node.beat({ sequence: 9000, role: 'active', term: 9 });
  node.give({ type: 'beat', link: 'serial', beat: { ...beat, pair: 8 } });
  node.give({ type: 'beat', link: 'serial', beat: { ...beat, from: 'b' } });
  node.give({ type: 'reconfigured', config: { ...node.state.config, links: ['serial'] } });
  node.give({ type: 'beat', link: 'public', beat });
  assert.equal(peerHeard(node.state, node.now), false);
});

test('an unproved twin with a higher term is believed only while somebody answers for a float', () => {
  const node = new Driven('a', 3).fit();
  node.run(700);
  assert.equal(node.state.role, 'active');
  node.twinHears = false;
  const stranger = { boot: 'cccccccccccccccc', role: 'active', term: 99 } as const;
  node.hear(stranger);
  node.run(40);
  assert.equal(node.state.role, 'active');
  assert.ok(node.effects('probe').at(-1)!.at >= node.now - 40, 'it is asked for at once');
  node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:0b' });
  node.hear(stranger);
  assert.equal(node.lastTransition()?.cause, 'higher-term');
});

test('an unproved twin that owns under our term: b goes while somebody answers for a float, a stays', () => {
  for (const self of ['a', 'b'] as const) {
    const node = new Driven(self, 3).fit();
    node.run(700);
    node.twinHears = false;
    const stranger = { boot: 'cccccccccccccccc', role: 'active', term: node.state.own?.term ?? 0 } as const;
    node.hear(stranger);
    assert.equal(node.state.role, 'active', 'nobody answers for a float');
    node.give({ type: 'claim', side: 'public', mac: '02:00:00:00:00:0c' });
    node.hear(stranger);
    assert.equal(node.lastTransition()?.cause, self === 'a' ? 'first-start' : 'tie-break');
  }
});
