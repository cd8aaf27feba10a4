import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SEVERITY, severityOf, worstFirst } from '../../../src/model/alarmRank.ts';

test('what keeps clients from being served comes first, an unknown code after all warnings', () => {
  const codes = ['drift', 'of-tomorrow', 'server-down', 'drift-held', 'peer-silent', 'service-down', 'peer-silent'];
  const told = codes.map((code, at) => ({ code, at }));
  assert.deepEqual(
    worstFirst(told).map(({ code, at }) => `${code} ${at}`),
    ['service-down 5', 'peer-silent 4', 'peer-silent 6', 'drift-held 3', 'of-tomorrow 1', 'server-down 2', 'drift 0'],
  );
});

test('the codes stand by severity, so that no notice is told before a warning', () => {
  const steps = { critical: 0, warning: 1, notice: 2 };
  const order = Object.values(SEVERITY).map((severity) => steps[severity]);
  assert.deepEqual(
    order,
    order.toSorted((left, right) => left - right),
  );
});

test('a code that another release knows is a warning', () => {
  assert.equal(severityOf('of-tomorrow'), 'warning');
  assert.equal(severityOf('constructor'), 'warning');
});
