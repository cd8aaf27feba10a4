import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AddressStep, Network } from '../../../../src/ports/network.ts';
import { rehearse } from '../../../../src/shell/lane/rehearse.ts';

test('a rehearsal moves floats of its own on the loopback device, and leaves none', () => {
  const present = new Set<string>();
  let most = 0;
  const changeAddresses = (steps: readonly AddressStep[]): void => {
    for (const { op, address } of steps) {
      assert.equal(address.device, 'lo');
      assert.match(address.address, /^127\./);
      if (op === 'set') present.add(address.address);
      else present.delete(address.address);
    }
    most = Math.max(most, present.size);
  };
  rehearse({ changeAddresses } as Network);
  assert.equal(most, 2);
  assert.equal(present.size, 0);
});
