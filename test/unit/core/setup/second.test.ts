import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Taken } from '../../../../src/core/setup/index.ts';
import { EXAMPLE } from '../../model/example.ts';
import { type Answers, Person } from './person.ts';

const TAKEN: Taken = { twin: 'a', document: EXAMPLE, key: 'ab'.repeat(32), password: 'digest of the twin' };
const GIVES: Answers = { take: () => ({ ok: true, lines: ['the document has come'], taken: TAKEN }) };
const LINES = ['second', '/dev/ttyS1', '115200', 'k7pw-3xnd'];

test('the second box types a code and its NICs, and gets document, key and password from its twin', () => {
  const person = new Person(GIVES).start().lines(...LINES);
  assert.deepEqual(
    person.asked.find((ask) => ask.do === 'take'),
    { do: 'take', code: 'k7pw3xnd', line: '/dev/ttyS1', baud: 115_200 },
  );
  assert.match(person.screen, /this box is router b, its twin is a/);
  person.lines('eth0', 'eth1', 'yes');
  const install = person.asked.at(-1);
  assert.ok(install?.do === 'install');
  assert.match(install.box.node, /^name: b$/m);
  assert.equal(install.box.document, EXAMPLE);
  assert.equal(install.box.key, TAKEN.key);
  assert.equal(install.box.password, TAKEN.password);
  assert.equal(person.count('offer'), 0);
  assert.ok(person.ended);
  assert.ok(!person.screen.includes(TAKEN.key));
});

test('a twin without a password leaves the question for it', () => {
  const taken = { ...TAKEN, password: undefined };
  const person = new Person({ take: () => ({ ok: true, lines: [], taken }) }).start().lines(...LINES, 'eth0', 'eth1');
  assert.match(person.screen, /new password \(not shown\): $/);
});

test('a code of the wrong form is refused; one that the twin refuses is asked for again', () => {
  const person = new Person({ take: () => ({ ok: false, lines: ['the code is not the one shown'] }) }).start();
  person.lines(...LINES.slice(0, 3));
  assert.match(
    person.seen((one) => one.lines('0l1i-oooo')),
    /code: "0l1i-oooo" - give the eight letters/,
  );
  assert.equal(person.count('take'), 0);
  const seen = person.seen((one) => one.lines('k7pw3xnd'));
  assert.match(seen, /the code is not the one shown/);
  assert.match(seen, /code: $/);
});

test('Ctrl-C stops waiting for the twin, and what comes late is not taken', () => {
  const person = new Person({ take: () => undefined }).start().lines(...LINES);
  const id = person.state.asked;
  assert.match(
    person.seen((one) => one.keys('\x03')),
    /code: $/,
  );
  assert.equal(
    person.seen((one) => one.send({ type: 'reply', id, reply: { ok: true, lines: [], taken: TAKEN } })),
    '',
  );
  assert.equal(person.state.interview.taken, undefined);
});

test('a saved session holds nothing of what came from the twin', () => {
  const person = new Person(GIVES).start().lines(...LINES, 'eth0');
  assert.ok(!person.saved.includes(TAKEN.key) && !person.saved.includes('k7pw'));
  assert.match(new Person(GIVES).start(undefined, person.saved).screen, /code: $/);
});
