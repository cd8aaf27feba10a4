import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { EXAMPLE } from '../../model/example.ts';
import { type Answers, PASSWORD, Person } from './person.ts';

const RIGHT: Answers = {
  login: ({ password }) => (password === PASSWORD ? { ok: true, lines: [] } : { ok: false, lines: ['that is not it'] }),
};
const loggedIn = (answers: Answers = {}): Person => new Person({ ...RIGHT, ...answers }).start('a').lines(PASSWORD);

test('a configured box shows its heading and asks for the password, which is never shown', () => {
  const person = new Person(RIGHT).start('a');
  assert.match(person.screen, /router a: ACTIVE\r\n\r\npassword: $/);
  assert.match(
    person.seen((one) => one.lines(PASSWORD)),
    /1 {2}status/,
  );
  assert.ok(!person.screen.includes(PASSWORD));
});

test('wrong passwords are heard ever more rarely, also by the next session', () => {
  const person = new Person(RIGHT).start('a').lines('wrong one', 'wrong two');
  assert.match(person.screen, /password: $/);
  assert.match(
    person.seen((one) => one.lines('wrong three')),
    /the next try is heard in 2 s/,
  );
  const next = new Person(RIGHT);
  next.now = person.now;
  assert.doesNotMatch(next.start('a', person.saved).screen, /password: $/);
  assert.equal(
    person.seen((one) => one.lines(PASSWORD)),
    '',
  );
  assert.equal(person.count('login'), 3);
  assert.match(
    person.seen((one) => one.pass(2_000)),
    /password: $/,
  );
  assert.match(
    person.seen((one) => one.lines(PASSWORD)),
    /1 {2}status/,
  );
});

test('a session ends by Ctrl-D, by its word and after ten minutes without a key', () => {
  assert.ok(loggedIn().keys('\x04').ended);
  assert.ok(loggedIn().lines('log out').ended);
  const person = loggedIn().pass(599_000);
  assert.ok(!person.ended);
  assert.ok(person.pass(2_000).ended);
});

test('change network asks with what is in force, shows the plan and applies on yes', () => {
  const person = loggedIn({
    document: () => ({ ok: true, lines: [], text: EXAMPLE }),
    plan: () => ({ ok: true, lines: ['set address 198.51.100.4/24 on eth0'] }),
    apply: () => ({ ok: true, lines: ['revision 2 is in force'] }),
  });
  assert.match(
    person.seen((one) => one.lines('2')),
    /own public address \[198.51.100.2\/24\]: $/,
  );
  person.lines('198.51.100.4/24', '', '', '', '-', '', '');
  assert.match(person.screen, /set address 198.51.100.4\/24 on eth0\r\ndo it\? yes or no: $/);
  assert.equal(person.count('apply'), 0);
  assert.match(
    person.seen((one) => one.lines('yes')),
    /revision 2 is in force/,
  );
  const applied = person.asked.at(-1);
  assert.ok(applied?.do === 'apply');
  assert.ok(applied.document.includes('# Long-lived connections'), 'the remarks are gone');
  const { gateway, nodes, floats } = parse(applied.document);
  assert.equal(gateway, undefined);
  assert.equal(nodes.a.public, '198.51.100.4/24');
  assert.deepEqual(floats, parse(EXAMPLE).floats);
});

test('change network refuses as the wizard does', () => {
  const person = loggedIn({ document: () => ({ ok: true, lines: [], text: EXAMPLE }) }).lines('change network');
  assert.match(
    person.seen((one) => one.lines('198.51.100.3/24', '', '')),
    /nodes.b.public: .*give another address/,
  );
  assert.match(
    person.seen((one) => one.keys('\x03')),
    /number or word: $/,
  );
});

test('hand-over, restart and factory reset are done by their own confirmation only', () => {
  const answers: Answers = {
    'hand-over-plan': () => ({ ok: true, lines: ['1. router b is asked'] }),
    'hand-over': () => ({ ok: true, lines: ['handed over'] }),
    restart: () => ({ ok: true, lines: ['restarting'] }),
    'factory-reset': () => ({ ok: true, lines: ['forgetting'] }),
  };
  for (const [choice, what, word] of [
    ['hand over', 'hand-over', 'yes'],
    ['restart', 'restart', 'yes'],
    ['factory reset', 'factory-reset', 'FACTORY RESET'],
  ] as const) {
    const person = loggedIn(answers).lines(choice);
    for (const not of ['', 'no', 'y', 'YES', 'factory reset']) {
      assert.match(
        person.seen((one) => one.lines(not)),
        /nothing was changed/,
      );
      person.lines(choice);
    }
    assert.equal(person.count(what), 0);
    person.lines(word);
    assert.equal(person.count(what), 1);
  }
});

test('a hand-over that would be refused is not offered', () => {
  const person = loggedIn({ 'hand-over-plan': () => ({ ok: false, lines: ['this router is standby'] }) });
  assert.match(
    person.seen((one) => one.lines('3')),
    /this router is standby/,
  );
  assert.match(person.screen, /number or word: $/);
});

test('a new password needs the one in force', () => {
  const person = loggedIn({ password: () => ({ ok: true, lines: ['the password was changed'] }) });
  person.lines('5', PASSWORD, 'another password', 'another password');
  assert.deepEqual(person.asked.at(-1), { do: 'password', current: PASSWORD, fresh: 'another password' });
  assert.ok(!person.screen.includes('another password'));
});

test('the log comes twenty lines at a time', () => {
  const lines = Array.from({ length: 45 }, (_, index) => `event ${index + 1}`);
  const person = loggedIn({ log: () => ({ ok: true, lines }) });
  assert.match(
    person.seen((one) => one.lines('log')),
    /event 20\r\n25 more lines/,
  );
  assert.match(
    person.seen((one) => one.lines('')),
    /event 40\r\n5 more lines/,
  );
  assert.match(
    person.seen((one) => one.lines('q')),
    /number or word: $/,
  );
});

test('a menu word that is not there is refused with what there is', () => {
  assert.match(
    loggedIn().seen((one) => one.lines('reboot')),
    /there is no "reboot" here; give a number from 1 to 9/,
  );
});
