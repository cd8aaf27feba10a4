import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipText } from '../../../../src/codec/ip.ts';
import { decodeRoute, writeSetRoute } from '../../../../src/codec/rtnetlink/route.ts';
import { only, record, u32, written } from '../arbitraries.ts';

const route = (size: number) =>
  record({
    destination: fc.uint8Array({ minLength: size, maxLength: size }),
    prefix: fc.integer({ min: 1, max: size * 8 }),
    gateway: fc.option(fc.uint8Array({ minLength: size, maxLength: size }), { nil: undefined }),
    index: u32,
  });

test('a route reads back as written', () => {
  fc.assert(
    fc.property(fc.oneof(route(4), route(16)), (wire) => {
      assert.deepEqual(decodeRoute(only(written((writer) => writeSetRoute(writer, 1, wire)))), {
        family: wire.destination.length === 4 ? 2 : 10,
        destination: `${ipText(wire.destination)}/${wire.prefix}`,
        gateway: wire.gateway === undefined ? undefined : ipText(wire.gateway),
        index: wire.index,
      });
    }),
  );
});

test('the default route has no destination on the wire and reads as 0.0.0.0/0', () => {
  const gateway = Uint8Array.of(198, 51, 100, 1);
  const wire = { destination: new Uint8Array(4), prefix: 0, gateway, index: 2 };
  const bytes = written((writer) => writeSetRoute(writer, 1, wire));
  assert.equal(bytes.length, 16 + 12 + 8 + 8);
  assert.equal(decodeRoute(only(bytes))?.destination, '0.0.0.0/0');
});

test('what is not a plain unicast route of the main table is not shown', () => {
  const wire = { destination: Uint8Array.of(192, 0, 2, 0), prefix: 24, gateway: undefined, index: 2 };
  const bytes = written((writer) => writeSetRoute(writer, 1, wire));
  const changed = (at: number, value: number) => {
    const copy = bytes.slice();
    copy[16 + at] = value;
    return decodeRoute(only(copy));
  };
  assert.equal(changed(7, 1)?.index, 2);
  assert.equal(changed(7, 2), undefined, 'a local route');
  assert.equal(changed(4, 255), undefined, 'the local table');
  assert.equal(changed(9, 2), undefined, 'a cached clone');
  assert.equal(changed(0, 7), undefined, 'another family');
});
