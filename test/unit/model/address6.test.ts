import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonical } from '../../../src/model/document.ts';
import { changed, type Draft, faultsOf } from './example.ts';

/** The example with IPv6 on both sides, after `change`. */
const dual = (change: (document: Draft) => void = () => {}) =>
  changed((document) => {
    document.floats.public.address6 = '2001:db8::10/64';
    document.floats.private.address6 = '2001:db8:1::1/64';
    Object.assign(document.nodes.a, { public6: '2001:db8::2/64', private6: '2001:db8:1::2/64' });
    Object.assign(document.nodes.b, { public6: '2001:db8::3/64', private6: '2001:db8:1::3/64' });
    change(document);
  });

test('both families beside each other are sound', () => {
  assert.deepEqual(faultsOf(dual()), []);
});

test('a document without IPv6 keeps its digest', () => {
  const parsed = changed(() => {});
  assert.ok(parsed.ok);
  assert.doesNotMatch(canonical(parsed.document), /6"/);
});

test('an IPv6 float needs an address of each router in its network', () => {
  const faults = faultsOf(
    dual((document) => {
      delete document.nodes.b.public6;
      document.nodes.a.private6 = '2001:db8:2::2/64';
    }),
  );
  assert.deepEqual(faults, [
    'nodes.b.public6: give router b an address in the network of floats.public.address6, 2001:db8::10/64',
    'nodes.b.private6: put both routers in one private IPv6 network, as 2001:db8:2::/64 of nodes.a.private6',
    'floats.private.address6: give an address of the routers’ private IPv6 network, 2001:db8:2::/64 of nodes.a.private6',
  ]);
});

test('an address twice, another length and wrong text are refused by name', () => {
  const twice = faultsOf(
    dual((document) => {
      document.floats.public.address6 = '2001:db8:0::3/64';
    }),
  );
  assert.deepEqual(twice, ['floats.public.address6: give another address: nodes.b.public6 has this one']);
  for (const wrong of ['198.51.100.10/24', 'fe80::1/64', 'ff02::1/64', '2001:db8::10', '::1/128', 7]) {
    const faults = faultsOf(
      dual((document) => {
        document.floats.public.address6 = wrong;
      }),
    );
    assert.deepEqual(faults, [
      'floats.public.address6: give an IPv6 address with the length of its network, like 2001:db8::1/64',
    ]);
  }
  assert.deepEqual(
    faultsOf(
      dual((document) => {
        document.floats.public.address6 = '2001:db8::10/80';
      }),
    ),
    ['floats.public.address6: end it with /64, as nodes.a.public6 does, or with /128'],
  );
});
