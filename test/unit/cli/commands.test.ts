import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type {
  ApplyResult,
  ControllerRequest,
  EventsResult,
  PlanResult,
  ShowResult,
} from '../../../src/model/control.ts';
import { LIMITS } from '../../../src/model/document.ts';
import { TandemError } from '../../../src/model/error.ts';
import { VERSION } from '../../../src/model/version.ts';
import { DOCS, EXAMPLE } from '../model/example.ts';
import { sockets, tandem } from './fake.ts';

const PLAN: PlanResult = {
  digest: 'ab'.repeat(32),
  changed: true,
  steps: ['add service tcp 198.51.100.10:80 rr', 'add 192.0.2.11:8080'],
  breaks: 2,
  drains: 3,
  warnings: [{ path: 'heartbeat.links', value: '["serial"]', remedy: 'is the only link' }],
};
const APPLIED: ApplyResult = { ...PLAN, revision: 4, heldBy: ['a'], refused: [] };
const SHOWN: ShowResult = {
  revision: 4,
  author: 'cli:root',
  at: 0,
  digest: 'ab'.repeat(32),
  text: 'tandem: 1\nname: rack\n',
};
const EVENTS: EventsResult = [
  { at: 2000, kind: 'transition', text: 'standby → active', detail: '{}' },
  { at: 1000, kind: 'start', text: 'controller\u001b[31m', detail: '{}' },
];

function controller(request: ControllerRequest): unknown {
  switch (request.do) {
    case 'apply':
      return APPLIED;
    case 'plan':
      return PLAN;
    case 'show':
      return SHOWN;
    case 'events':
      return EVENTS.slice(0, request.limit);
    case 'hand-over':
      return { text: 'router b took the floats, term 8' };
    default:
      throw new TandemError('internal', 'not asked here');
  }
}

test('apply sends the text and the author, and says where the revision is', async () => {
  const { run, asked, close } = await sockets({ controller });
  const { code, out, err } = await tandem(['apply', '-'], { run, files: { '-': EXAMPLE } });
  assert.equal(code, 0);
  assert.deepEqual(asked, [{ do: 'apply', text: EXAMPLE, author: 'cli:night' }]);
  assert.equal(
    out,
    'revision 4 (abababababab) is in force on a only\n' +
      '  add service tcp 198.51.100.10:80 rr\n  add 192.0.2.11:8080',
  );
  assert.equal(err, 'warnings:\n  heartbeat.links: ["serial"] — is the only link');
  await close();
});

test('what the kernel refused makes apply fail loudly', async () => {
  const refused = ['add 192.0.2.11:8080: EEXIST'];
  const { run, close } = await sockets({ controller: () => ({ ...APPLIED, heldBy: ['a', 'b'], refused }) });
  const { code, out, err } = await tandem(['apply', 'f'], { run, files: { f: 'x' } });
  assert.equal(code, 1);
  assert.match(out, /is in force on a and b/);
  assert.match(err, /the kernel refused, and will be asked again:\n {2}add 192\.0\.2\.11:8080: EEXIST/);
  assert.equal((await tandem(['apply', 'f', '--json'], { run, files: { f: 'x' } })).code, 1);
  await close();
});

test('a refused document is a list of path, value and remedy, and exit code 1', async () => {
  const faults = [
    { path: 'services[0].port', value: '0', remedy: 'give a whole number from 1 to 65535' },
    { path: 'name', value: '(missing)', remedy: 'is missing' },
  ];
  const { run, close } = await sockets({
    controller: () => {
      throw new TandemError('bad-document', 'the document has 2 faults; nothing was changed', {
        remedy: 'correct them',
        faults,
      });
    },
  });
  const { code, out, err } = await tandem(['apply', 'f'], { run, files: { f: 'x' } });
  assert.deepEqual([code, out], [1, '']);
  assert.equal(
    err,
    'tandem: bad-document: the document has 2 faults; nothing was changed\n' +
      '  services[0].port: 0 — give a whole number from 1 to 65535\n' +
      '  name: (missing) — is missing\n' +
      '  remedy: correct them',
  );
  await close();
});

test('a text beyond the limit never leaves the command', async () => {
  const { run, asked, close } = await sockets({ controller });
  const { code, err } = await tandem(['plan', 'f'], { run, files: { f: 'x'.repeat(LIMITS.text + 1) } });
  assert.equal(code, 1);
  assert.match(err, /document: 4000001 characters — give at most 4000000 characters/);
  assert.deepEqual(asked, []);
  await close();
});

test('plan prints the steps and what they break', async () => {
  const { run, close } = await sockets({ controller });
  const { code, out } = await tandem(['plan', 'f'], { run, files: { f: 'x' } });
  assert.equal(code, 0);
  assert.equal(
    out,
    'add service tcp 198.51.100.10:80 rr\nadd 192.0.2.11:8080\ndrains 3 connections\nbreaks 2 connections',
  );
  await close();
});

test('show gives the document alone on standard output', async () => {
  const { run, asked, close } = await sockets({ controller });
  const { code, out, err } = await tandem(['show', '--revision', '4'], { run });
  assert.equal(code, 0);
  assert.equal(`${out}\n`, SHOWN.text);
  assert.equal(err, '# revision 4 (abababababab) by cli:root, 1970-01-01 00:00:00Z');
  assert.deepEqual(asked, [{ do: 'show', revision: 4 }]);
  await close();
});

test('events come with the newest last, as JSON with the newest first', async () => {
  const { run, asked, close } = await sockets({ controller });
  const human = await tandem(['events'], { run });
  assert.equal(
    human.out,
    '1970-01-01 00:00:01Z start          controller [31m\n1970-01-01 00:00:02Z transition     standby → active',
  );
  const json = await tandem(['events', '--limit', '1', '--json'], { run });
  assert.deepEqual(JSON.parse(json.out), EVENTS.slice(0, 1));
  assert.deepEqual(asked, [
    { do: 'events', limit: 50 },
    { do: 'events', limit: 1 },
  ]);
  await close();
});

test('hand-over asks the controller; without one the lane, and says so', async () => {
  const both = await sockets({ controller, lane: () => assert.fail('the lane was asked') });
  const first = await tandem(['hand-over'], { run: both.run });
  assert.deepEqual(first, { code: 0, out: 'router b took the floats, term 8', err: '' });
  await both.close();
  const alone = await sockets({ lane: () => ({ text: 'done' }) });
  const second = await tandem(['hand-over'], { run: alone.run });
  assert.deepEqual([second.code, second.out], [0, 'done']);
  assert.match(second.err, /the controller does not answer; asking the pair lane itself/);
  assert.deepEqual(alone.asked, [{ do: 'hand-over', by: 'cli:night' }]);
  await alone.close();
});

test('a refused hand-over is not tried again elsewhere', async () => {
  const { run, asked, close } = await sockets({
    controller: () => {
      throw new TandemError('refused', 'the twin is not ready', { remedy: 'look at it' });
    },
    lane: () => ({ text: 'done' }),
  });
  const { code, err } = await tandem(['hand-over'], { run });
  assert.equal(code, 1);
  assert.equal(err, 'tandem: refused: the twin is not ready\n  remedy: look at it');
  assert.deepEqual(
    asked.map((request) => request.do),
    ['events', 'hand-over'],
  );
  await close();
});

test('a hand-over that takes longer than an answer is waited for and asked once', async () => {
  const { run, asked, close } = await sockets({
    controller: async (request) => {
      if (request.do === 'hand-over') await new Promise((done) => setTimeout(done, 2200));
      return request.do === 'hand-over' ? { text: 'done at last' } : [];
    },
    lane: () => assert.fail('the lane was asked'),
  });
  assert.deepEqual(await tandem(['hand-over'], { run }), { code: 0, out: 'done at last', err: '' });
  assert.equal(asked.filter((request) => request.do === 'hand-over').length, 1);
  await close();
});

test('check judges without a router', async () => {
  const files = {
    good: EXAMPLE,
    bad: EXAMPLE.replace('port: 80\n', 'prot: 80\n'),
    node: readFileSync(join(DOCS, 'example-node.yaml'), 'utf8'),
  };
  assert.deepEqual(await tandem(['check', 'good'], { files }), {
    code: 0,
    out: 'good is sound: 3 services, 9 real servers',
    err: '',
  });
  const bad = await tandem(['check', 'bad'], { files });
  assert.equal(bad.code, 1);
  assert.equal(
    bad.err,
    'tandem: bad-document: bad has 1 fault\n' +
      '  services[0].prot: 80 — there is no such field here; did you mean "port"?',
  );
  assert.equal((await tandem(['check', '--node', 'node'], { files })).out, 'node is sound: the node file of router a');
  assert.equal((await tandem(['check', '--node', 'good'], { files })).code, 1);
});

test('wrong command lines: exit code 2, what was wrong, where help is', async () => {
  for (const [args, said] of [
    [[], /say what to do/],
    [['stauts'], /no command "stauts"; did you mean "status"\?/],
    [['constructor'], /no command "constructor"/],
    [['links', 'now'], /links takes no "now"/],
    [['status', '--jsno'], /--jsno/],
    [['apply'], /apply needs the name of a file, or - for standard input/],
    [['apply', 'a', 'b'], /apply takes no "b"/],
    [['events', '--limit', '0'], /--limit takes a whole number from 1 to 1000, not "0"/],
    [['events', '--limit', '1e2'], /not "1e2"/],
    [['events', '--limit', '1001'], /not "1001"/],
    [['show', '--revision', 'last'], /--revision takes a whole number/],
    [['show', '--revision'], /--revision/],
    [['schema', 'rack'], /schema takes document or node, not "rack"/],
  ] as const) {
    const { code, out, err } = await tandem(args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(out, '');
    assert.match(err, said);
    assert.match(err, /remedy: see `tandem help`/);
  }
});

test('help names every command and the exit codes; the version is the release', async () => {
  for (const args of [['help'], ['--help'], ['status', '--help']]) {
    const { code, out } = await tandem(args);
    assert.equal(code, 0);
    for (const word of ['status', 'show', 'check', 'plan', 'apply', 'events', 'hand-over', 'schema', 'Exit codes']) {
      assert.ok(out.includes(word), word);
    }
  }
  assert.deepEqual(await tandem(['--version']), { code: 0, out: `tandem ${VERSION}`, err: '' });
});

test('an answer of another shape is an error, not a crash', async () => {
  const { run, close } = await sockets({ controller: () => 7, lane: () => 7 });
  for (const args of [['status'], ['events'], ['show'], ['apply', 'f'], ['plan', 'f']]) {
    const { code, err } = await tandem(args, { run, files: { f: 'x' } });
    assert.equal(code, 1, args.join(' '));
    assert.match(err, /^tandem: internal: /);
  }
  await close();
});

test('drain and enable name the server and its author, and say where it holds', async () => {
  const { run, asked, close } = await sockets({
    controller: (request) =>
      request.do === 'drain' || request.do === 'enable'
        ? {
            server: request.server,
            drained: request.do === 'drain',
            changed: true,
            connections: 34,
            heldBy: ['a'],
            warnings: request.do === 'drain' ? ['web has no other server in use: its new clients are refused'] : [],
          }
        : assert.fail(request.do),
  });
  const drained = await tandem(['drain', 'web/s2'], { run });
  assert.deepEqual(asked, [{ do: 'drain', server: 'web/s2', author: 'cli:night' }]);
  assert.equal(
    drained.out,
    'web/s2 is drained: no new connections; 34 established connections on this router go on until they end',
  );
  assert.equal(drained.err, 'on a only\nwarning: web has no other server in use: its new clients are refused');
  assert.equal((await tandem(['enable', 'web/s2'], { run })).out, 'web/s2 is in use again');
  assert.equal(JSON.parse((await tandem(['drain', 'web/s2', '--json'], { run })).out).connections, 34);
  const without = await tandem(['drain'], { run });
  assert.equal(without.code, 2);
  assert.match(without.err, /drain needs a real server as SERVICE\/SERVER/);
  await close();
});

test('hand-over --plan prints the steps and moves nothing; a refusal is exit code 1', async () => {
  const steps = ['b prepares term 4 or higher', 'a drops both'];
  let refusal: string | null = null;
  let remedy: string | undefined;
  const { run, asked, close } = await sockets({
    controller: ({ do: what }) => (what === 'events' ? [] : { refusal, remedy, steps: refusal === null ? steps : [] }),
  });
  const possible = await tandem(['hand-over', '--plan'], { run });
  assert.deepEqual([possible.code, possible.out], [0, '1. b prepares term 4 or higher\n2. a drops both']);
  refusal = 'b is not heard';
  const refused = await tandem(['hand-over', '--plan'], { run });
  assert.deepEqual([refused.code, refused.err], [1, 'a hand-over would be refused: b is not heard']);
  remedy = '`tandem hand-over --force`';
  const helped = await tandem(['hand-over', '--plan'], { run });
  assert.equal(helped.err, 'a hand-over would be refused: b is not heard; remedy: `tandem hand-over --force`');
  assert.ok(asked.every((request) => request.do !== 'hand-over'));
  await close();
});

test('without a controller the pair lane says what a hand-over would do', async () => {
  const { run, close } = await sockets({ lane: () => ({ refusal: null, steps: ['b prepares'] }) });
  const { code, out, err } = await tandem(['hand-over', '--plan', '--json'], { run });
  assert.deepEqual([code, JSON.parse(out).steps], [0, ['b prepares']]);
  assert.match(err, /asking the pair lane itself/);
  await close();
});

test('hold and resume go through the controller, with reason and author; without one through the lane', async () => {
  const both = await sockets({ controller: (request) => (request.do === 'events' ? [] : { text: 'a is held' }) });
  const held = await tandem(['hold', '--reason', 'new fans'], { run: both.run });
  assert.deepEqual(held, { code: 0, out: 'a is held', err: '' });
  assert.deepEqual(both.asked.at(-1), { do: 'hold', reason: 'new fans', by: 'cli:night' });
  await tandem(['resume'], { run: both.run });
  assert.deepEqual(both.asked.at(-1), { do: 'resume', by: 'cli:night' });
  const alone = await sockets({ lane: () => ({ text: 'a is held' }) });
  const without = await tandem(['hold', '--json'], { run: alone.run });
  assert.deepEqual([without.code, without.out], [0, '{"text":"a is held"}']);
  assert.deepEqual(alone.asked, [{ do: 'hold', reason: '', by: 'cli:night' }]);
  await Promise.all([both.close(), alone.close()]);
});

test('a reason that logs could not show in a line is refused before anybody is asked', async () => {
  const { code, err } = await tandem(['hold', '--reason', 'x'.repeat(121)]);
  assert.deepEqual([code, err.split('\n')[0]], [2, 'tandem: --reason takes at most 120 characters, not 121']);
  assert.equal((await tandem(['hold', '--reason', 'two\nlines'])).code, 2);
  assert.equal((await tandem(['resume', '--reason', 'x'])).code, 2);
});

test('set says what stood there, which revision it is now and what the kernel was told; a dash leaves the field out', async () => {
  const set = {
    ...APPLIED,
    was: '1',
    changed: true,
    steps: ['-e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 7'],
    warnings: [],
  };
  const { run, asked } = await sockets({ controller: () => set });
  const { code, out } = await tandem(['set', 'web/s2', 'weight', '7'], { run });
  assert.equal(code, 0);
  assert.equal(
    out,
    'web/s2 weight 1 → 7: revision 4 is in force on a only\n  -e -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 7',
  );
  const timed = await sockets({ controller: () => ({ ...set, kernelMs: 0.84 }) });
  assert.match(
    (await tandem(['set', 'web/s2', 'weight', '7'], timed)).out,
    /^web\/s2 weight 1 → 7, in the kernel after 0\.8 ms: rev/,
  );
  await tandem(['set', 'web', 'check.interval_ms', '-'], { run });
  await tandem(['set', 'web', 'one_packet', 'true'], { run });
  await tandem(['set', 'web/s2', 'address', '192.0.2.40'], { run });
  assert.deepEqual(asked, [
    { do: 'set', service: 'web', server: 's2', field: 'weight', value: 7, author: 'cli:night' },
    { do: 'set', service: 'web', field: 'check.interval_ms', value: null, author: 'cli:night' },
    { do: 'set', service: 'web', field: 'one_packet', value: true, author: 'cli:night' },
    { do: 'set', service: 'web', server: 's2', field: 'address', value: '192.0.2.40', author: 'cli:night' },
  ]);
});

test('set without a value, or with a field of no such form, is refused before anything is asked', async () => {
  const { run, asked } = await sockets({ controller: () => APPLIED });
  assert.equal((await tandem(['set', 'web/s2', 'weight'], { run })).code, 2);
  const { code, err } = await tandem(['set', 'web/s2', 'servers[0]', '1'], { run });
  assert.equal(code, 1);
  assert.match(err, /field: "?servers\[0\]"? — give the name of a field, like weight or check\.interval_ms/);
  assert.deepEqual(asked, []);
});
