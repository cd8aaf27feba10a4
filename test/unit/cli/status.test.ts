import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { statusText } from '../../../src/cli/commands/status.ts';
import { statusSchema } from '../../../src/model/status.ts';
import { LANE, STATUS, sockets, tandem } from './fake.ts';

test('the whole picture fits on one screen', () => {
  assert.equal(
    statusText(STATUS),
    `pair      rack, revision 3 (c0ffeec0ffee)
router    a: ACTIVE, term 7, ready, woke at most 2 ms late
twin      b: standby, term 7, ready
floats    public held · private held
NICs      public up · private up
links     serial    SILENT for 4210 ms       sent 100  received 90  refused: crc 2
          private   heard 12 ms ago          sent 100  received 100
          public    never heard              sent 3  received 0
moves     2026-11-22 01:02:03Z standby → active, term 7, peer-silent: silent on 3 links (ms: silent 82, installed 97)
alarms    ! warning link-silent serial: nothing heard for 4.2 s
            remedy: check this link’s cable and NIC on both routers; the twin is still heard on another link
          ! notice server-down s2: connection refused
            remedy: look at this real server; it gets no new connections until its checks succeed

Prot LocalAddress:Port Scheduler
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  198.51.100.10:80 rr  web
  -> 192.0.2.11:8080              Masq    1      3          12         s1 up
  -> 192.0.2.12:8080              Masq    0      0          12         s2 DOWN (weight 1 in the document): connection refused
  -> 192.0.2.13:8080              Masq    0      3          12         s3 up, quiesced`,
  );
});

test('an owner whose twin is preferred says when the floats go there, or what that waits for', () => {
  const shown = (returns: NonNullable<NonNullable<typeof STATUS.lane>['returns']>): string =>
    statusText({ ...STATUS, lane: { ...LANE, returns } });
  assert.match(shown({ to: 'b', waitsFor: '', inMs: 42_300 }), /^returns {3}to b in 43 s$/m);
  assert.match(
    shown({ to: 'b', waitsFor: 'b knows 3 of 100 connections: the others would end', inMs: null }),
    /^returns {3}to b not yet: b knows 3 of 100 connections: the others would end$/m,
  );
});

test('a standby without twin, NIC and readiness shouts', () => {
  const lane = {
    ...LANE,
    node: 'b' as const,
    role: 'standby' as const,
    peer: { heard: false, role: 'active', term: 7, ready: true },
    floats: { public: false, private: false },
    nics: { public: true, private: false },
    ready: false,
    alarms: [],
    lateMs: 0,
    transitions: [],
  };
  const text = statusText({ ...STATUS, lane, alarms: [], services: [] });
  assert.match(text, /^router {4}b: STANDBY, term 7, NOT READY, woke at most 0 ms late$/m);
  assert.match(text, /^twin {6}a: not heard; last known active, term 7$/m);
  assert.match(text, /^floats {4}public not held · private not held$/m);
  assert.match(text, /^NICs {6}public up · private DOWN$/m);
  assert.match(text, /^alarms {4}none$/m);
});

test('a controller without its lane says where to look', () => {
  assert.match(
    statusText({ ...STATUS, lane: null }),
    /the pair lane does not answer: see `systemctl status tandem-pair`/,
  );
});

test('another process’s text cannot move the cursor', () => {
  const alarms = [{ code: 'drift', subject: '\u001b[2J', text: 'a\nb\u202e' }];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come out
  assert.doesNotMatch(statusText({ ...STATUS, lane: null, alarms }).replaceAll('\n', ''), /[\u0000-\u001f\u202e]/);
});

test('status --json is the controller’s answer, whole', async () => {
  const { run, close } = await sockets({ controller: () => STATUS });
  const { code, out, err } = await tandem(['status', '--json'], { run });
  assert.deepEqual([code, err], [0, '']);
  assert.deepEqual(statusSchema.parse(JSON.parse(out)), STATUS);
  await close();
});

test('without a controller the lane is asked, it is said, and JSON keeps its shape', async () => {
  const { run, close } = await sockets({ lane: () => LANE });
  const human = await tandem(['status'], { run });
  assert.equal(human.code, 0);
  assert.match(human.err, /the controller does not answer; this is the pair lane’s own view/);
  assert.match(human.out, /^router {4}a: ACTIVE, term 7, ready, woke at most 2 ms late$/m);
  assert.match(human.out, /! warning controller-silent: the controller does not answer: .*no such socket/);
  const json = await tandem(['status', '--json'], { run });
  const status = statusSchema.parse(JSON.parse(json.out));
  assert.deepEqual(status.lane, LANE);
  assert.ok(status.alarms.some(({ code }) => code === 'controller-silent'));
  await close();
});

test('named services alone are asked for and shown, beside the count of all; --brief asks for none', async () => {
  const counts = { services: 40, servers: 4_000, up: 3_999 };
  const { run, asked, close } = await sockets({
    controller: (request) => {
      const wanted = request.do === 'status' ? request.services : undefined;
      return { ...STATUS, counts, services: STATUS.services.filter(({ name }) => wanted?.includes(name) ?? true) };
    },
  });
  const named = await tandem(['status', 'web'], { run });
  assert.match(named.out, /^document {2}40 services, 3999 of 4000 real servers up$/m);
  assert.match(named.out, /^TCP {2}198\.51\.100\.10:80 rr {2}web$/m);
  const brief = await tandem(['status', '--brief'], { run });
  assert.doesNotMatch(brief.out, /RemoteAddress/);
  assert.match(brief.out, /^document {2}40 services/m);
  const wrong = await tandem(['status', 'wbe'], { run });
  assert.deepEqual([wrong.code, wrong.out], [1, '']);
  assert.match(wrong.err, /not-found: there is no virtual service "wbe"\n {2}remedy: `tandem status` names them all/);
  const both = await tandem(['status', 'web', '--brief'], { run });
  assert.equal(both.code, 2);
  assert.deepEqual(
    asked.map((request) => (request.do === 'status' && 'services' in request ? request.services : undefined)),
    [['web'], [], ['wbe']],
  );
  await close();
});

test('a hung controller costs two seconds, then the lane is asked', async () => {
  const { run, close } = await sockets({ lane: () => LANE });
  const held: Socket[] = [];
  const hung = createServer((socket) => held.push(socket)).listen(join(run, 'controller.sock'));
  await once(hung, 'listening');
  const started = performance.now();
  const { code, err } = await tandem(['status'], { run });
  const took = performance.now() - started;
  assert.equal(code, 0);
  assert.match(err, /the controller does not answer/);
  assert.ok(took >= 1990 && took < 20_000, `${took} ms`);
  for (const socket of held) socket.destroy();
  hung.close();
  await close();
});

test('when neither answers: exit code 3, both reasons and a remedy', async () => {
  const run = mkdtempSync(join(tmpdir(), 'tandem-cli-'));
  const { code, out, err } = await tandem(['status'], { run });
  assert.deepEqual([code, out], [3, '']);
  assert.match(
    err,
    /^tandem: unreachable: neither the controller \(.*controller\.sock.*\) nor the pair lane \(.*lane\.sock.*\) answers/,
  );
  assert.match(err, /remedy: run this on a router, as root/);
  rmSync(run, { recursive: true });
});

test('a hold stands beside the role, here and of the twin', () => {
  const lane = {
    ...LANE,
    hold: { reason: 'new fans', by: 'cli:root' },
    peer: { ...LANE.peer, ready: false, held: true },
  };
  const text = statusText({ ...STATUS, lane });
  assert.match(text, /^router {4}a: ACTIVE, term 7, ready, HELD by cli:root \(new fans\), woke/m);
  assert.match(text, /^twin {6}b: standby, term 7, HELD by an operator$/m);
});

test('a link’s figures follow in a few words, and one that works one way shouts', () => {
  const [serial, lan] = LANE.links;
  const roundTrip = { min: 9.1, median: 14.24, max: 30 };
  const links = [
    { ...serial!, heard: true, ageMs: 4, hearsUs: false, roundTrip, loss: 0.0123 },
    { ...lan!, hearsUs: true, roundTrip: null, loss: null },
  ];
  const text = statusText({ ...STATUS, lane: { ...LANE, links } });
  assert.match(
    text,
    /^links {5}serial {4}heard 4 ms ago {11}sent 100 {2}received 90 {2}NOT HEARD by the twin {2}round trip 14.2 ms, loss 1.2 % {2}refused: crc 2$/m,
  );
  assert.match(text, /^ {10}private {3}heard 12 ms ago {10}sent 100 {2}received 100$/m);
});
