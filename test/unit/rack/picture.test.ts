import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BoxFacts, type Facts, holderOf, serving } from '../../../image/rack/observe.ts';
import { outageText, picture, statusLine } from '../../../image/rack/picture.ts';

const box = (role: string, holds: boolean, more: Partial<BoxFacts> = {}): BoxFacts => ({
  power: 'on',
  answers: true,
  role,
  term: 3,
  ready: true,
  lateMs: 2,
  leds: { power: true, role: true, peer: true, fault: false },
  floats: { public: holds, private: holds },
  cables: { public: true, private: true },
  heard: { serial: true, private: true },
  alarms: [],
  ...more,
});

const facts = (a: BoxFacts, b: BoxFacts): Facts => ({
  active: 'a',
  boxes: { a, b },
  cable: 'plugged',
  servers: [{ name: 's1', running: true, slowMs: 0, up: { a: true, b: true } }],
  client: { event: 'second', sent: 20, answered: 19, by: { s1: 19 }, medianMs: 4, outage: undefined },
});

test('the picture says who is active, where the floats are and what the client sees', () => {
  const text = picture(facts(box('active', true), box('standby', false)), 61_000, undefined).join('\n');
  for (const words of [
    /up 1 min 1 s/,
    /router {3}a {2}power on +ACTIVE +term 3/,
    /router {3}b {2}power on +standby/,
    /public 198\.51\.100\.10 on a, private 192\.0\.2\.1 on a/,
    /s1 running, up, 19\/s/,
    /20 requests\/s, 19 answered/,
    /alarms {3}none/,
  ]) {
    assert.match(text, words);
  }
});

test('what is wrong is written large', () => {
  const a = box('active', true, {
    heard: { serial: false },
    cables: { public: false, private: true },
    alarms: ['serial is silent'],
    ready: false,
  });
  const b: BoxFacts = { ...box('standby', false), power: 'off', answers: false, role: undefined, term: undefined };
  const text = picture(facts(a, b), 0, 'drill wan-down runs').join('\n');
  for (const words of [
    /serial SILENT/,
    /wan DOWN/,
    /POWER OFF/,
    /a: serial is silent/,
    /NOT READY/,
    /drill wan-down/,
  ]) {
    assert.match(text, words);
  }
});

test('two owners are told as two', () => {
  const both = facts(box('active', true), box('active', true));
  assert.equal(holderOf(both, 'public'), 'a and b');
  assert.equal(serving(both), false);
  assert.match(statusLine(both, 0, undefined), /floats on a and b\/a and b/);
  const none = facts(box('active', false), box('standby', false));
  assert.equal(holderOf(none, 'private'), 'nobody');
});

test('an outage that goes on is no past one', () => {
  assert.match(outageText({ ms: 143.4, agoMs: 12_000, restored: true }), /last outage 143 ms, 12 s ago/);
  assert.match(outageText({ ms: 900, agoMs: 0, restored: false }), /OUTAGE for 900 ms/);
});
