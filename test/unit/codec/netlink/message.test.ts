import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attributesAfter, splitMessages } from '../../../../src/codec/netlink/message.ts';
import { mutated, record, survives, u16, u32, written } from '../arbitraries.ts';

const message = record({ type: u16, flags: u16, sequence: u32, payload: fc.uint8Array({ maxLength: 30 }) });

test('messages written one after another split into the same messages', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), (all) => {
      const bytes = written((writer) => {
        for (const { payload, ...head } of all) writer.message(head, () => writer.raw(payload));
      });
      const read = splitMessages(bytes).map(({ type, flags, sequence, payload }) => ({
        type,
        flags,
        sequence,
        payload: payload.slice(),
      }));
      assert.deepEqual(read, all);
    }),
  );
});

test('a length that leaves the datagram is refused', () => {
  const bytes = written((writer) => writer.message({ type: 16, flags: 0, sequence: 1 }, () => writer.u32(0)));
  assert.throws(() => splitMessages(bytes.subarray(0, 18)), {
    code: 'bad-frame',
    message: /20 bytes where 18 are left/,
  });
  assert.throws(() => splitMessages(bytes.subarray(0, 10)), { code: 'bad-frame', message: /header/ });
});

test('arbitrary bytes are messages or a typed error', () => {
  const seed = written((writer) => {
    for (const type of [16, 20]) {
      writer.message({ type, flags: 2, sequence: 1 }, () => writer.nest(1, () => writer.attributeString(2, 'eth0')));
    }
  });
  let accepted = 0;
  const check = (bytes: Uint8Array): void => {
    if (survives(() => splitMessages(bytes).map(({ payload }) => attributesAfter(payload, 0)))) accepted += 1;
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 5000 });
  fc.assert(fc.property(mutated([seed]), check), { numRuns: 10_000 });
  assert.ok(accepted > 1000 && accepted < 14_000, `${accepted} accepted`);
});
