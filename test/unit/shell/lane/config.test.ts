import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIGHEST_VERSION } from '../../../../src/codec/beatFrame.ts';
import { TandemError } from '../../../../src/model/error.ts';
import { failoverConfig, spoken } from '../../../../src/shell/lane/config.ts';
import { LANE } from './bench.ts';

test('a box speaks its release’s own version unless it is told an older one', () => {
  assert.equal(spoken(undefined), undefined);
  assert.equal('speaks' in failoverConfig(LANE, '00', 1, spoken(undefined)), false);
  assert.equal(failoverConfig(LANE, '00', 1, spoken('1')).speaks, 1);
});

test('a version that this release does not speak is refused by name', () => {
  for (const value of ['0', String(HIGHEST_VERSION + 1), 'one', '', '1.5']) {
    assert.throws(
      () => spoken(value),
      (error) =>
        error instanceof TandemError && error.message.includes(`"${value}"`) && /1 to 2/.test(error.remedy ?? ''),
      value,
    );
  }
});
