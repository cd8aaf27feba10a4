import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readListing } from '../../../../src/codec/nft/listing.ts';

/** As nft 1.1.3 printed it. */
const LISTING = readFileSync(join(import.meta.dirname, '../golden/nft.json'), 'utf8');

test('a listing reads as the entries that were written', () => {
  assert.deepEqual(readListing(LISTING), {
    intact: true,
    present: true,
    entries: [
      { protocol: 'tcp', address: '198.51.100.10', first: 8000, last: 8100, mark: 0x5400_0001 },
      { protocol: 'sctp', address: '198.51.100.10', first: 2905, last: 2905, mark: 0x5400_0002 },
      { protocol: 'udp', address: '2001:db8::10', first: 53, last: 53, mark: 0x5400_0003 },
    ],
  });
});

test('protocols by name are the same', () => {
  assert.deepEqual(readListing(LISTING.replace(/^(\s+)6,$/m, '$1"tcp",')), readListing(LISTING));
});

const CHANGED: readonly [what: string, from: string | RegExp, to: string][] = [
  ['another priority', '-150', '-149'],
  ['another policy', '"accept"', '"drop"'],
  ['a rule of another map', '@marks6', '@marks4'],
  ['a map of another type', '"ipv4_addr"', '"ifname"'],
  ['an element of another protocol', /132/, '47'],
  ['a set more', '"metainfo"', '"set"'],
];

for (const [what, from, to] of CHANGED) {
  test(`a table with ${what} is not intact`, () => {
    const table = readListing(LISTING.replace(from, to));
    assert.deepEqual([table.present, table.intact], [true, false]);
  });
}

test('what is no listing is a table that is not intact', () => {
  for (const text of ['', 'no', '[]', '{}', '{"nftables": 1}', '{"nftables": [null, 1, {"map": 3}]}']) {
    assert.equal(readListing(text).intact, false, text);
  }
});
