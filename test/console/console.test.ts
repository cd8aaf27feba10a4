import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { CLOSED, CONSOLE, type ConsoleMessage, type Picture } from '../../src/model/console.ts';
import type { LintResult, PlanResult } from '../../src/model/control.ts';
import { patch } from '../../src/model/diff.ts';
import { rackText } from '../fakes/rackDocument.ts';
import { openConsole, PASSWORD, upgradeRefusal } from './bench.ts';

type World = Awaited<ReturnType<typeof openConsole>>;
type Diff = Extract<ConsoleMessage, { type: 'diff' }>;

const { paths } = CONSOLE;
const isSnapshot = (m: ConsoleMessage) => m.type === 'snapshot';

describe('without a password', () => {
  let world: World;
  before(async () => {
    world = await openConsole();
  });
  after(() => world.close());

  test('nobody logs in, and it is said how to set one', async () => {
    const { status, body } = await world.login('anything at all');
    assert.equal(status, 503);
    assert.match(body, /not-configured.*tandem password/);
    const session = JSON.parse((await world.send({ path: paths.session })).body);
    assert.deepEqual(session, { node: 'a', loggedIn: false, passwordSet: false });
  });
});

describe('with a password', { timeout: 60_000 }, () => {
  let world: World;
  before(async () => {
    world = await openConsole();
    await world.controller.adminPassword.set(PASSWORD);
  });
  after(() => world.close());

  test('key and certificate are the box’s own, for its addresses', () => {
    const certificate = new X509Certificate(readFileSync(join(world.folder, 'tls/certificate.pem')));
    assert.equal(certificate.subjectAltName, 'IP Address:192.0.2.2, IP Address:127.0.0.1');
    assert.equal(certificate.subject, 'CN=tandem-a');
    const years = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / (365.25 * 86_400_000);
    assert.ok(Math.abs(years - 10) < 0.1, `${years} years`);
    assert.equal(statSync(join(world.folder, 'tls/key.pem')).mode & 0o777, 0o600);
  });

  test('every answer keeps the page to itself', async () => {
    for (const path of ['/', '/app.js', paths.session, '/nothing']) {
      const { headers } = await world.send({ path });
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self'/, path);
      assert.ok(!/unsafe|\*|https?:/.test(String(headers['content-security-policy'])));
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
    const { headers } = await world.send({ path: '/app.js' });
    const again = await world.send({ path: '/app.js', headers: { 'if-none-match': String(headers.etag) } });
    assert.deepEqual([again.status, again.body], [304, '']);
  });

  test('a wrong password opens nothing, the right one a session that ends with the logout', async () => {
    const wrong = await world.login('wrong horse battery');
    assert.deepEqual([wrong.status, wrong.code, wrong.headers['set-cookie']], [401, 'wrong-password', undefined]);
    const cookie = await world.cookie();
    const state = async () => JSON.parse((await world.send({ path: paths.session, headers: { cookie } })).body);
    assert.equal((await state()).loggedIn, true);
    const page = await world.page(cookie);
    const out = await world.send({ method: 'POST', path: paths.logout, headers: { cookie, origin: world.origin } });
    assert.equal(out.status, 204);
    assert.equal((await page.closed).code, CLOSED.session);
    assert.equal((await state()).loggedIn, false);
    assert.ok(!JSON.stringify(world.box.store.ledger).includes('horse'));
  });

  test('a snapshot, then changes that keep the picture equal to the box', async () => {
    const page = await world.page(await world.cookie());
    const first = await page.until(isSnapshot);
    assert.ok(first.type === 'snapshot' && first.ageMs < 2_000);
    assert.deepEqual(first.picture.figure?.floats, { public: '198.51.100.10', private: '192.0.2.1' });
    page.say({ id: 1, do: 'drain', server: 'web/s2' });
    const answer = await page.answer(1);
    assert.ok(answer.type === 'answer');
    const drained = (picture: Picture) => picture.services[0]?.servers[1]?.drained;
    const follow = () => {
      let picture = first.picture;
      let { revision } = first;
      for (const message of page.heard.filter((one): one is Diff => one.type === 'diff')) {
        assert.equal(message.revision, revision + 1);
        revision = message.revision;
        picture = patch(picture, message.changes) as Picture;
      }
      return picture;
    };
    await page.until((m) => m.type === 'diff' && drained(follow()) === true);
    page.say({ id: 2, do: 'snapshot' });
    await page.answer(2);
    const fresh = page.heard.findLast(isSnapshot);
    assert.ok(fresh?.type === 'snapshot');
    assert.deepEqual(follow(), fresh.picture);
    assert.equal(world.box.weights(80)['12'], 0);
    page.say({ id: 3, do: 'enable', server: 'web/s2' });
    assert.equal((await page.answer(3)).type, 'answer');
    assert.equal(world.box.weights(80)['12'], 1);
    assert.match(world.box.events('drained')[0] ?? '', /^web\/s2 by web:127\.0\.0\.1$/);
    page.socket.terminate();
  });

  test('a document is planned and applied on the revision it was planned for', async () => {
    const page = await world.page(await world.cookie());
    const text = rackText((was) => was.replace('scheduler: rr', 'scheduler: wlc'));
    page.say({ id: 1, do: 'plan', text });
    const planned = await page.answer(1);
    assert.ok(planned.type === 'answer');
    const { steps, on } = planned.result as PlanResult & { on: number };
    assert.deepEqual([steps, on], [['-E -t 198.51.100.10:80 -s wlc'], 1]);
    page.say({ id: 2, do: 'apply', text, on: 7 });
    const stale = await page.answer(2);
    assert.ok(stale.type === 'refusal' && stale.error.code === 'refused');
    page.say({ id: 3, do: 'apply', text, on });
    assert.equal((await page.answer(3)).type, 'answer');
    assert.deepEqual([world.box.store.rows.length, world.box.store.latest()?.author], [2, 'web:127.0.0.1']);
    page.say({ id: 4, do: 'plan', text: rackText((was) => was.replace('port: 80\n', 'port: 99999\n')) });
    const bad = await page.answer(4);
    assert.ok(bad.type === 'refusal');
    assert.deepEqual([bad.error.code, bad.error.faults?.[0]?.path], ['bad-document', 'services[0].port']);
    assert.match(bad.error.faults?.[0]?.remedy ?? '', /1 to 65535/);
    page.socket.terminate();
  });

  test('a firewall that would lock this browser out is warned of with its address and port, and not applied', async () => {
    const page = await world.page(await world.cookie());
    const way = { destination: '127.0.0.0/8', gateway: undefined, device: 'eth0' };
    world.box.kernel.network.table.push(way);
    const text = rackText((was) => `${was}firewall: {}\n`);
    page.say({ id: 1, do: 'plan', text });
    const planned = await page.answer(1);
    assert.ok(planned.type === 'answer');
    const { warnings, on } = planned.result as PlanResult & { on: number };
    const port = new URL(world.origin).port;
    assert.match(
      warnings[0]?.remedy ?? '',
      new RegExp(`^you are logged in from 127\\.0\\.0\\.1 at TCP port ${port} by eth0`),
    );
    page.say({ id: 2, do: 'apply', text, on });
    const refused = await page.answer(2);
    assert.ok(refused.type === 'refusal');
    assert.deepEqual([refused.error.code, refused.error.faults?.[0]?.path], ['refused', 'firewall.allow']);
    assert.equal(refused.error.forcible, true);
    const before = world.box.store.rows.length;
    page.say({ id: 3, do: 'apply', text, on, force: false });
    assert.equal((await page.answer(3)).type, 'refusal');
    page.say({ id: 4, do: 'apply', text, on, force: true });
    assert.equal((await page.answer(4)).type, 'answer');
    assert.equal(world.box.store.rows.length, before + 1);
    const { network } = world.box.kernel;
    network.table = network.table.filter((route) => route.destination !== way.destination);
    page.socket.terminate();
  });

  test('a hand-over goes to a twin that holds the same document, and is refused while it holds another', async () => {
    const page = await world.page(await world.cookie());
    world.twinHolds('the same');
    page.say({ id: 1, do: 'hand-over' });
    const handed = await page.answer(1);
    assert.deepEqual(handed.type === 'answer' && handed.result, { text: 'done' });
    world.twinHolds('another');
    page.say({ id: 2, do: 'hand-over' });
    const refused = await page.answer(2);
    assert.ok(refused.type === 'refusal');
    assert.match(refused.error.message, /^b holds another document/);
    assert.equal(refused.error.forcible, true);
    page.say({ id: 3, do: 'hand-over', force: true });
    const forced = await page.answer(3);
    assert.deepEqual(forced.type === 'answer' && forced.result, { text: 'done' });
    page.socket.terminate();
  });

  test('the router is held and resumed by a word with its author, and a reason of two lines is none', async () => {
    const page = await world.page(await world.cookie());
    const asked = () => world.box.laneAsked.filter((request) => request.do === 'hold' || request.do === 'resume');
    page.say({ id: 1, do: 'hold', reason: 'two\nlines' });
    const bad = await page.until((m) => m.type === 'refusal');
    assert.ok(bad.type === 'refusal');
    assert.match(bad.error.faults?.[0]?.remedy ?? '', /give one line without control characters/);
    assert.deepEqual(asked(), []);
    page.say({ id: 2, do: 'hold', reason: 'new cable' });
    assert.equal((await page.answer(2)).type, 'answer');
    page.say({ id: 3, do: 'resume' });
    assert.equal((await page.answer(3)).type, 'answer');
    const by = 'web:127.0.0.1';
    assert.deepEqual(asked(), [
      { do: 'hold', reason: 'new cable', by },
      { do: 'resume', by },
    ]);
    assert.match(world.box.events('held')[0] ?? '', /web:127\.0\.0\.1: new cable/);
    page.socket.terminate();
  });

  test('what lint finds comes with why and remedy, and what is no alarm is counted in the picture', async () => {
    const page = await world.page(await world.cookie());
    world.box.kernel.sysctls.values.set('net.ipv4.conf.all.rp_filter', '1');
    page.say({ id: 1, do: 'lint' });
    // Answers on the wires are waited for by the box's own clock.
    const answer = page.answer(1);
    const tick = setInterval(() => world.box.clock.advance(500), 20);
    const found = await answer;
    clearInterval(tick);
    assert.ok(found.type === 'answer');
    const { findings } = found.result as LintResult;
    const strict = findings.find(({ code }) => code === 'rp-filter-strict');
    assert.ok(strict !== undefined && strict.why !== '' && strict.remedy !== '' && !strict.alarm);
    const count = findings.filter(({ alarm }) => !alarm).length;
    await page.until(
      (m) =>
        (m.type === 'snapshot' && m.picture.findings === count) ||
        (m.type === 'diff' && m.changes.some(({ at, value }) => at.join() === 'findings' && value === count)),
    );
    world.box.kernel.sysctls.values.delete('net.ipv4.conf.all.rp_filter');
    page.socket.terminate();
  });

  test('a session outlives a restart of the controller, its pages are told to come back', async () => {
    const cookie = await world.cookie();
    const page = await world.page(cookie);
    await page.until(isSnapshot);
    await world.restart();
    assert.equal((await page.closed).code, CLOSED.restart);
    const again = await world.page(cookie);
    await again.until(isSnapshot);
    again.socket.terminate();
  });

  test('another password ends every session', async () => {
    const page = await world.page(await world.cookie());
    await world.controller.adminPassword.set(`${PASSWORD}!`);
    assert.equal((await page.closed).code, CLOSED.session);
    assert.equal((await world.login()).code, 'wrong-password');
    await world.controller.adminPassword.set(PASSWORD);
  });

  test('what is no TLS and what is no HTTP harms nobody', async () => {
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\u0016\u0003\u0001\u0002', 'x'.repeat(100_000)]) {
      const socket = connect(world.port, '127.0.0.1').on('error', () => {});
      socket.end(bytes);
      socket.resume();
      await new Promise((done) => socket.once('close', done));
    }
    for (const text of [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    ]) {
      const socket = tlsConnect({ host: '127.0.0.1', port: world.port, rejectUnauthorized: false });
      socket.on('error', () => {});
      await once(socket, 'secureConnect');
      let said = '';
      socket.on('data', (data) => {
        said += String(data);
      });
      socket.write(text);
      await new Promise((done) => socket.once('close', done));
      assert.match(said, /^HTTP\/1\.1 4(00|21|31|03) /, text.slice(0, 20));
    }
    assert.equal((await world.send({})).status, 200);
  });

  test('a stranger’s upgrade is refused with its reason', async () => {
    const cookie = await world.cookie();
    const { origin } = world;
    const forged = `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`;
    for (const [headers, status, code] of [
      [{ origin }, 401, 'no-session'],
      [{ origin, cookie: forged }, 401, 'no-session'],
      [{ cookie }, 403, 'wrong-origin'],
      [{ cookie, origin: 'https://evil.example' }, 403, 'wrong-origin'],
      [{ cookie, origin: 'https://evil.example', host: 'evil.example' }, 403, 'wrong-origin'],
      [{ cookie, origin: 'null' }, 403, 'wrong-origin'],
    ] as const) {
      assert.deepEqual(await upgradeRefusal(world.dial(headers)), { status, code }, JSON.stringify(headers));
    }
    assert.deepEqual(await upgradeRefusal(world.dial({ origin, cookie }, '/api/other')), {
      status: 404,
      code: 'not-found',
    });
  });

  test('one session has at most four pages', async () => {
    const cookie = await world.cookie();
    const pages = await Promise.all([1, 2, 3, 4].map(() => world.page(cookie)));
    const fifth = await upgradeRefusal(world.dial({ origin: world.origin, cookie }));
    assert.deepEqual(fifth, { status: 429, code: 'too-many' });
    for (const page of pages) page.socket.terminate();
  });
});
