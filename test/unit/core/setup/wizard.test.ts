import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseDocument, parseNodeFile } from '../../../../src/model/parseDocument.ts';
import { digestOf, FIRST_BOX, PASSWORD, Person } from './person.ts';

const installed = (person: Person) => {
  const ask = person.asked.find((one) => one.do === 'install');
  assert.ok(ask?.do === 'install', `nothing was installed:\n${person.screen.slice(-400)}`);
  return ask.box;
};

test('the answers become a document, a node file and a digest, and only a yes applies them', () => {
  const person = new Person().start().lines(...FIRST_BOX);
  assert.match(person.screen, /apply it\? yes or no: $/);
  assert.equal(person.count('install'), 0);
  const box = installed(person.lines('yes'));
  const document = parseDocument(box.document);
  assert.ok(document.ok);
  assert.deepEqual(document.document.nodes.b, { public: '198.51.100.3/24', private: '192.0.2.3/24' });
  assert.deepEqual(
    document.document.services[0]?.servers.map(({ name, address, port }) => `${name} ${address}:${port}`),
    ['s1 192.0.2.11:8080', 's2 192.0.2.12:8080', 's3 192.0.2.13:8080'],
  );
  const node = parseNodeFile(box.node);
  assert.ok(node.ok);
  assert.equal(node.document.name, 'a');
  assert.deepEqual([node.document.public.device, node.document.private.device], ['eth0', 'eth1']);
  assert.equal(box.password, digestOf(PASSWORD));
  assert.equal(box.key, undefined);
  assert.equal(person.asked.at(-1)?.do, 'offer');
});

test('the whole conversation stands in the golden transcript, without the password', () => {
  const person = new Person().start().lines(...FIRST_BOX, 'yes');
  const golden = readFileSync(join(import.meta.dirname, 'golden/first-box.txt'), 'utf8');
  assert.equal(person.screen.replaceAll('\r\n', '\n'), golden);
  assert.ok(!person.screen.includes(PASSWORD));
  assert.match(person.screen, /^[ -~\r\n]*$/);
  assert.ok(person.screen.split('\r\n').every((line) => line.length < 80));
});

test('empty lines take what stands in brackets', () => {
  const person = new Person().start().lines('', '', '', '', '');
  assert.match(person.screen, /own public address: $/);
  assert.match(
    person.seen((one) => one.lines('198.51.100.2/24')),
    /own private address: $/,
  );
});

const AT_GATEWAY = FIRST_BOX.slice(0, 9);

const REFUSALS: readonly {
  readonly what: string;
  readonly before: readonly string[];
  readonly line: string;
  readonly says: RegExp;
}[] = [
  { what: 'a place', before: [], line: 'third', says: /first or second: "third" - give one of: first, second/ },
  {
    what: 'a name',
    before: FIRST_BOX.slice(0, 1),
    line: 'My Pair',
    says: /name of the pair: "My Pair" - give a name of 1 to 32/,
  },
  { what: 'a router', before: FIRST_BOX.slice(0, 2), line: 'c', says: /this box is router: "c" - give one of: a, b/ },
  {
    what: 'a NIC that is not there',
    before: FIRST_BOX.slice(0, 3),
    line: 'eth7',
    says: /public NIC: "eth7" - give one of this box's NICs: eth0, eth1/,
  },
  {
    what: 'one NIC for both sides',
    before: FIRST_BOX.slice(0, 4),
    line: 'eth0',
    says: /private NIC: "eth0" - give the private side its own NIC/,
  },
  {
    what: 'an address',
    before: FIRST_BOX.slice(0, 5),
    line: '198.51.100.2',
    says: /own public address: "198.51.100.2" - give an IPv4 address with the length/,
  },
  {
    what: 'an address without an answer',
    before: FIRST_BOX.slice(0, 5),
    line: '',
    says: /own public address: "" - is missing/,
  },
  {
    what: 'a network for both sides',
    before: FIRST_BOX.slice(0, 6),
    line: '198.51.100.9/24',
    says: /nodes.a.private: "198.51.100.9\/24" - give the private side a network of its own, apart from 198.51.100.0\/24 of nodes.a.public/,
  },
  {
    what: 'a twin elsewhere',
    before: FIRST_BOX.slice(0, 7),
    line: '203.0.113.3/24',
    says: /nodes.b.public: .* put both routers in one public network/,
  },
  {
    what: 'an address twice',
    before: FIRST_BOX.slice(0, 7),
    line: '198.51.100.2/24',
    says: /nodes.b.public: .* give another address: nodes.a.public has this one/,
  },
  {
    what: 'a gateway elsewhere',
    before: AT_GATEWAY,
    line: '203.0.113.1',
    says: /gateway: "203.0.113.1" - give an address of the public network, 198.51.100.0\/24 of nodes.a.public/,
  },
  {
    what: 'a gateway that is none',
    before: AT_GATEWAY,
    line: 'router',
    says: /gateway: "router" - give the IPv4 address of a host/,
  },
  {
    what: 'a float elsewhere',
    before: FIRST_BOX.slice(0, 10),
    line: '203.0.113.9/24',
    says: /floats.public.address: .* give an address of the routers' public/,
  },
  {
    what: 'a service’s port',
    before: FIRST_BOX.slice(0, 14),
    line: '70000',
    says: /its port: "70000" - give a whole number from 1 to 65535/,
  },
  {
    what: 'a protocol',
    before: FIRST_BOX.slice(0, 13),
    line: 'tpc',
    says: /its protocol: "tpc" - give one of: tcp, udp, sctp; did you mean "tcp"/,
  },
  {
    what: 'a server',
    before: FIRST_BOX.slice(0, 15),
    line: 'server1',
    says: /real server 1: "server1" - give the IPv4 or IPv6 address of a host/,
  },
  {
    what: 'a server’s port',
    before: FIRST_BOX.slice(0, 15),
    line: '192.0.2.11:http',
    says: /real server 1: .* from 1 to 65535 after the colon/,
  },
  {
    what: 'a server twice',
    before: FIRST_BOX.slice(0, 16),
    line: '192.0.2.11:8080',
    says: /services\[0\].servers\[1\].address: .* is the same server as services\[0\].servers\[0\]/,
  },
  {
    what: 'a speed',
    before: FIRST_BOX.slice(0, 20),
    line: '12345',
    says: /its speed in bit\/s: "12345" - give one of: 9600/,
  },
  {
    what: 'an interval that fills the line',
    before: [...FIRST_BOX.slice(0, 20), '9600'],
    line: '20',
    says: /heartbeat.interval_ms: 20 - beats would use/,
  },
  {
    what: 'a deadline',
    before: FIRST_BOX.slice(0, 22),
    line: '30',
    says: /heartbeat.deadline_ms: 30 - give at least 60, three intervals/,
  },
  {
    what: 'a short password',
    before: FIRST_BOX.slice(0, 23),
    line: 'short',
    says: /password: 5 characters, not shown - give 10 to 128/,
  },
  { what: 'two passwords', before: FIRST_BOX.slice(0, 24), line: 'another password', says: /password: the two differ/ },
  { what: 'anything but yes and no', before: FIRST_BOX, line: 'y', says: /type yes or no/ },
];

for (const { what, before, line, says } of REFUSALS) {
  test(`${what} that is wrong is refused with the field, the value and what would be right; the question stands`, () => {
    const person = new Person().start().lines(...before);
    const saved = person.saved;
    const asked = person.asked.length;
    const seen = person.seen((one) => one.lines(line)).replaceAll(/\r\n {4}/g, ' ');
    assert.match(seen, says);
    assert.match(seen, /: $/);
    assert.equal(person.saved, saved);
    assert.equal(person.asked.length, asked);
  });
}

test('Ctrl-D goes one question back and remembers, Ctrl-C begins again with what was said', () => {
  const person = new Person().start().lines('first', 'rack', 'b');
  assert.match(
    person.seen((one) => one.keys('\x04')),
    /this box is router \[b\]: $/,
  );
  assert.match(
    person.seen((one) => one.keys('\x04')),
    /name of the pair \[rack\]: $/,
  );
  assert.match(
    person.seen((one) => one.keys('half a na\x03')),
    /first or second \[first\]: $/,
  );
  person.lines('', '', '', 'eth0', 'eth1');
  assert.match(person.screen, /router b's own address/);
});

test('no keeps the answers and changes nothing', () => {
  const person = new Person().start().lines(...FIRST_BOX);
  assert.match(
    person.seen((one) => one.lines('no')),
    /nothing was changed/,
  );
  assert.equal(person.count('install'), 0);
  person.lines(...Array(15).fill(''));
  assert.match(person.screen, /real server 1 \[192.0.2.11:8080\]: $/);
});

test('what a broken cable leaves is gone on with, in this process or in another', () => {
  const person = new Person()
    .start()
    .lines(...FIRST_BOX.slice(0, 12))
    .keys('half of a wo');
  const other = new Person().start(undefined, person.saved);
  assert.match(other.screen, /It goes on where it was left/);
  assert.match(other.screen, /first virtual service \[web\]: $/);
  const box = installed(other.lines(...FIRST_BOX.slice(12), 'yes'));
  assert.deepEqual(box, installed(new Person().start().lines(...FIRST_BOX, 'yes')));
});

test('nothing that is saved holds a password', () => {
  const saves: string[] = [];
  const person = new Person().start();
  for (const line of FIRST_BOX) {
    person.lines(line);
    saves.push(person.saved);
  }
  assert.ok(saves.every((text) => !text.includes(PASSWORD)));
  assert.ok(saves.at(-1)?.includes(digestOf(PASSWORD)));
});

test('a box that could not be installed stays unconfigured and asks again', () => {
  const person = new Person({ install: () => ({ ok: false, lines: ['the disk is full'] }) }).start();
  const seen = person.lines(...FIRST_BOX).seen((one) => one.lines('yes'));
  assert.match(seen, /the disk is full/);
  assert.match(seen, /still not configured/);
  assert.match(seen, /first or second \[first\]: $/);
});
