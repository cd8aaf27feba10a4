import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECK_TYPES, checkSchema, parseStatusSet, questionOf } from '../../../src/model/check.ts';
import { changed, faultsOf, warningsOf } from './example.ts';

/** The example with this check on its first service, which is TCP. */
const withCheck = (check: unknown) =>
  changed((document) => {
    document.services[0].check = check;
  });

const filled = (check: unknown) => {
  const parsed = withCheck(check);
  assert.ok(parsed.ok, faultsOf(parsed).join('\n'));
  return parsed.document.services[0]!.check;
};

const timing = { interval_ms: 1000, timeout_ms: 500, rise: 2, fall: 2 };

test('the words of the message are the types there are', () => {
  const known = checkSchema.def.options.map((option) => {
    const { type } = option.shape;
    return 'unwrap' in type ? type.unwrap().value : type.value;
  });
  assert.deepEqual([...known].sort(), [...CHECK_TYPES].sort());
});

test('each type is read, with its defaults', () => {
  assert.deepEqual(filled({ type: 'http', path: '/health' }), {
    type: 'http',
    method: 'GET',
    path: '/health',
    status: '200-299',
    ...timing,
  });
  assert.deepEqual(filled({ type: 'https', sni: 'www.example.org', verify: true }), {
    type: 'https',
    method: 'GET',
    path: '/',
    status: '200-299',
    sni: 'www.example.org',
    verify: true,
    expiry_warning_days: 14,
    ...timing,
  });
  assert.deepEqual(filled({ type: 'tls' }), { type: 'tls', verify: false, expiry_warning_days: 14, ...timing });
  assert.deepEqual(filled({ type: 'dns', name: 'example.org', port: 53 }), {
    type: 'dns',
    port: 53,
    name: 'example.org',
    record: 'A',
    ...timing,
  });
  assert.deepEqual(filled({ type: 'smtp' }), { type: 'smtp', helo: 'tandem.invalid', ...timing });
  assert.deepEqual(filled({ type: 'icmp', retry_ms: 100 }), { type: 'icmp', ...timing, retry_ms: 100 });
  assert.deepEqual(filled({ type: 'udp', port: 9, send: '00ff', encoding: 'hex' }), {
    type: 'udp',
    port: 9,
    send: '00ff',
    encoding: 'hex',
    ...timing,
  });
  assert.deepEqual(filled({ type: 'script', program: 'orders' }), {
    type: 'script',
    program: 'orders',
    args: [],
    ...timing,
  });
  assert.deepEqual(filled({ type: 'agent', port: 9000 }), { type: 'agent', port: 9000, ...timing });
});

test('a document that says nothing of a check has the one it always had', () => {
  assert.deepEqual(filled({}), { type: 'tcp', ...timing });
  assert.deepEqual(filled({ type: 'none', interval_ms: 2000 }), { type: 'none', ...timing, interval_ms: 2000 });
  const udp = changed((document) => {
    delete document.services[1].check;
  });
  assert.ok(udp.ok);
  assert.equal(udp.document.services[1]!.check.type, 'none');
});

test('a question is what is asked, whenever and wherever', () => {
  assert.deepEqual(questionOf(filled({ type: 'tcp', port: 80, rise: 5 })), { type: 'tcp' });
  assert.deepEqual(questionOf(filled({ type: 'agent', port: 9000, retry_ms: 50 })), { type: 'agent' });
  assert.equal(questionOf(filled({ type: 'none' })), undefined);
});

test('a set of status codes', () => {
  assert.deepEqual(parseStatusSet('200-299,301'), [
    [200, 299],
    [301, 301],
  ]);
  for (const wrong of ['', '20', '600', '200-', '299-200', '200,,201', '2xx', '200 ']) {
    assert.equal(parseStatusSet(wrong), undefined, wrong);
  }
});

const CODES = 'give status codes from 100 to 599 and ranges of them, like 200-299,301';

for (const [check, ...faults] of [
  [{ type: 'htpp' }, `type: give one of: ${CHECK_TYPES.join(', ')}; did you mean "http"?`],
  [{ type: 7 }, `type: give one of: ${CHECK_TYPES.join(', ')}`],
  ['tcp', ': give a mapping with the fields type, port, interval_ms, timeout_ms, rise, fall, retry_ms'],
  [
    { path: '/' },
    'path: there is no such field here; known are: type, port, interval_ms, timeout_ms, rise, fall, retry_ms',
  ],
  [{ type: 'http', pth: '/' }, 'pth: there is no such field here; did you mean "path"?'],
  [{ type: 'http', path: 'x' }, 'path: give a path of at most 1024 printable ASCII characters, like /health'],
  [{ type: 'http', path: '/a b' }, 'path: give a path of at most 1024 printable ASCII characters, like /health'],
  [{ type: 'http', method: 'get' }, 'method: give one of: GET, HEAD, OPTIONS; did you mean "GET"?'],
  [{ type: 'http', host: 'a\r\nb' }, 'host: give a host name or address, with a port if needed, like www.example.org'],
  [{ type: 'http', status: '299-200' }, `status: ${CODES}`],
  [{ type: 'http', status: 200 }, `status: ${CODES}`],
  [{ type: 'http', body_contains: '' }, 'body_contains: give 1 to 256 characters that the body contains'],
  [{ type: 'http', body_sha256: 'AB' }, 'body_sha256: give a SHA-256 digest as 64 lower-case hexadecimal digits'],
  [
    { type: 'http', method: 'HEAD', body_contains: 'ok' },
    'body_contains: leave it out, or give GET as the method: HEAD is asked for no body',
  ],
  [{ type: 'https', verify: 'yes' }, 'verify: give true or false'],
  [{ type: 'https', sni: 'a..b' }, 'sni: give a host name, like www.example.org'],
  [{ type: 'tls', expiry_warning_days: 1000 }, 'expiry_warning_days: give a whole number from 0 to 365 (days)'],
  [{ type: 'dns' }, 'name: is missing: give a host name, like www.example.org'],
  [{ type: 'dns', name: 'a', record: 'MXX' }, /record: give one of: A, AAAA, .*; did you mean "MX"\?$/],
  [{ type: 'smtp', helo: 'a b' }, 'helo: give a host name, like www.example.org'],
  [{ type: 'icmp', port: 1 }, /port: there is no such field here; known are: type, interval_ms/],
  [{ type: 'udp' }, 'send: is missing: give 1 to 1024 characters'],
  [
    { type: 'udp', send: 'abc', expect: 'xy', encoding: 'hex', port: 9 },
    'send: give an even number of hexadecimal digits, like 0a1b, or leave out encoding: hex',
    'expect: give an even number of hexadecimal digits, like 0a1b, or leave out encoding: hex',
  ],
  [{ type: 'script', program: '../sh' }, 'program: give a name of 1 to 32 lower-case letters, digits and hyphens'],
  [{ type: 'script', program: 'a', args: ['x\n'] }, 'args[0]: give text of at most 256 printable ASCII characters'],
  [{ type: 'script', program: 'a', args: Array(17).fill('x') }, 'args: give at most 16 arguments'],
  [{ type: 'agent' }, 'port: is missing: give a whole number from 1 to 65535'],
  [{ type: 'tcp', retry_ms: 10 }, 'retry_ms: give a whole number from 50 to 600000 (ms)'],
  [{ type: 'tcp', retry_ms: 2000 }, 'retry_ms: give at most the interval, 1000 ms'],
] as const) {
  test(`a wrong check is refused: ${JSON.stringify(check).slice(0, 60)}`, () => {
    const found = faultsOf(withCheck(check)).map((text) => text.replace(/^services\[0\]\.check\.?/, ''));
    assert.equal(found.length, faults.length, found.join('\n'));
    for (const [index, expected] of faults.entries()) {
      if (typeof expected === 'string') assert.equal(found[index], expected);
      else assert.match(found[index]!, expected);
    }
  });
}

test('a check that speaks another protocol to the service’s port is warned of', () => {
  assert.deepEqual(warningsOf(withCheck({ type: 'dns', name: 'example.org' })), [
    'services[0].check.type: asks the TCP port by UDP: a server that speaks only TCP there counts as down; give check.port',
  ]);
  assert.deepEqual(warningsOf(withCheck({ type: 'dns', name: 'example.org', port: 53 })), []);
});
