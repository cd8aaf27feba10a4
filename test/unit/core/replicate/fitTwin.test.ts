import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsLine, objections, WARM_MS } from '../../../../src/core/replicate/index.ts';
import type { TwinFacts } from '../../../../src/model/twin.ts';

const facts = (node: 'a' | 'b', change: Partial<TwinFacts> = {}): TwinFacts => ({
  node,
  revision: 8,
  digest: 'd8',
  holds: true,
  services: [
    { name: 'web', servers: 3, up: 3 },
    { name: 'mail', servers: 2, up: 1 },
  ],
  connections: 1000,
  syncMs: 60_000,
  ...change,
});

const said = (twin: Partial<TwinFacts>, own: Partial<TwinFacts> = {}): string[] =>
  objections(facts('a', own), facts('b', twin));

test('nothing speaks against a twin that holds the same', () => {
  assert.deepEqual(said({}), []);
});

test('another document, and a kernel that does not hold it, are named', () => {
  assert.deepEqual(said({ digest: 'd7', revision: 7 }), ['b holds another document (revision 7, here 8)']);
  assert.deepEqual(said({ holds: false }), ['the kernel of b does not hold its document']);
});

test('a service that the twin would serve with nobody is named; one that is down on both is not', () => {
  const web = { name: 'web', servers: 3, up: 0 };
  assert.deepEqual(said({ services: [web, { name: 'mail', servers: 2, up: 2 }] }), [
    'b finds no server up for web: its clients would be refused',
  ]);
  assert.deepEqual(said({ services: [web] }, { services: [web] }), []);
  const many = ['one', 'two', 'three', 'four', 'five'].map((name) => ({ name, servers: 1, up: 1 }));
  assert.deepEqual(said({ services: many.map((service) => ({ ...service, up: 0 })) }, { services: many }), [
    'b finds no server up for one, two, three and 2 more: its clients would be refused',
  ]);
});

test('a twin that lacks more than a fifth of the connections, and more than a few, is cold', () => {
  assert.deepEqual(said({ connections: 799 }), ['b knows 799 of 1000 connections: the others would end']);
  assert.deepEqual(said({ connections: 800 }), []);
  assert.deepEqual(said({ connections: 0 }, { connections: 16 }), []);
  assert.equal(said({ connections: 0 }, { connections: 17 }).length, 1);
  assert.deepEqual(said({ connections: 5000 }), [], 'what the twin kept from before is no loss');
});

test('sync that has just begun is cold on either box, unless there is nothing to lose', () => {
  assert.deepEqual(said({ syncMs: 4_900 }), [
    'connection sync runs for 4 s, and takes 13.25 s to tell b of every connection',
  ]);
  assert.equal(said({}, { syncMs: WARM_MS - 1 }).length, 1);
  assert.deepEqual(said({ syncMs: WARM_MS }), []);
  assert.deepEqual(said({ syncMs: 0 }, { connections: 0 }), []);
});

test('what a box holds is told in one line', () => {
  assert.equal(
    factsLine(facts('b', { holds: false })),
    'b: revision 8, its kernel does not hold it; 2 services, 4 of 5 servers up; 1000 connections, sync for 60 s',
  );
});
