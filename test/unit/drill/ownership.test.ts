import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type ClaimRow,
  claimKinds,
  type FloatRecord,
  lastOwner,
  overlap,
  split,
  strangers,
  tenures,
  twoOwners,
} from '../../../image/rack/drill/ownership.ts';

const MACS = ['aa', 'bb'];
const boxOf = (mac: string) => ({ aa: 'a', bb: 'b', a1: 'a', b1: 'b' })[mac];

/** Answers of machine `mac` to the questions sent every 5 ms in [from, to], each arriving `way` ms later. */
function answers(mac: number, from: number, to: number, way = 1): ClaimRow[] {
  const rows: ClaimRow[] = [];
  for (let sent = from; sent <= to; sent += 5) rows.push([mac, claimKinds.answer, sent + way, sent]);
  return rows;
}

const record = (...claims: ClaimRow[][]): FloatRecord => ({ macs: MACS, claims: claims.flat() });

describe('two owners', () => {
  test('are none in an orderly move', () => {
    assert.deepEqual(twoOwners(record(answers(0, 0, 100), answers(1, 110, 200))), { certain: 0, possible: 0 });
  });

  test('are seen for as long as both answer the same questions, less what is not certain', () => {
    const both = twoOwners(record(answers(0, 0, 150), answers(1, 100, 250)));
    assert.deepEqual(both, { certain: 49, possible: 51 });
  });

  test('are not made by an answer that lay in a queue while the float moved', () => {
    const late: ClaimRow[] = [[0, claimKinds.answer, 123, 95]];
    const both = twoOwners(record(answers(0, 0, 90), late, answers(1, 100, 200)));
    assert.equal(both.certain, 0);
    assert.equal(both.possible, 23);
  });

  test('are not made by a frozen machine that answers old questions when it thaws', () => {
    const thawed = Array.from({ length: 50 }, (_, n): ClaimRow => [0, claimKinds.answer, 5000 + n / 10, 105 + n * 5]);
    assert.equal(twoOwners(record(answers(0, 0, 100), answers(1, 300, 6000), thawed)).certain, 0);
  });

  test('are seen when a thawed machine goes on answering new questions', () => {
    const both = twoOwners(record(answers(0, 0, 100), answers(1, 300, 6000), answers(0, 5000, 5060)));
    assert.equal(both.certain, 59);
  });

  test('two pieces of one tenure less than the join apart are one', () => {
    assert.equal(tenures(record(answers(0, 0, 50), answers(0, 85, 100))).length, 1);
    assert.equal(tenures(record(answers(0, 0, 50), answers(0, 95, 100))).length, 2);
  });

  test('one answer alone is certain of nothing', () => {
    assert.equal(tenures(record(answers(0, 0, 0)))[0]?.certain, undefined);
  });

  test('announcements, traffic and answers to forgotten questions are no proof', () => {
    const rows: ClaimRow[] = [
      [1, claimKinds.announcement, 50, null],
      [1, claimKinds.traffic, 60, null],
      [1, claimKinds.answer, 70, null],
    ];
    assert.deepEqual(twoOwners(record(answers(0, 0, 100), rows)), { certain: 0, possible: 0 });
  });

  test('a certain overlap is never longer than a possible one, in any order of the rows', () => {
    const row = fc
      .tuple(fc.nat(1), fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: 80, noNaN: true }))
      .map(([mac, sent, way]): ClaimRow => [mac, claimKinds.answer, sent + way, sent]);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), (claims) => {
        const { certain, possible } = twoOwners({ macs: MACS, claims });
        assert.ok(certain >= 0 && certain <= possible + 1e-9, `${certain} ${possible}`);
        const again = twoOwners({ macs: MACS, claims: [...claims].reverse() });
        assert.ok(Math.abs(again.certain - certain) < 1e-9);
      }),
    );
  });

  test('overlap counts time covered by two or more, once', () => {
    const owned = (owner: string, from: number, to: number) => ({ owner, span: { from, to } });
    assert.equal(overlap([owned('a', 0, 10), owned('b', 5, 15), owned('c', 8, 20)]), 10);
    assert.equal(overlap([owned('a', 0, 10), owned('a', 5, 15)]), 0);
    assert.equal(overlap([owned('a', 0, 10), owned('b', 10, 15)]), 0);
  });
});

describe('a split', () => {
  const side = (macs: string[], ...claims: ClaimRow[][]): FloatRecord => ({ macs, claims: claims.flat() });

  test('is time with one float on each box', () => {
    const wan = side(['aa', 'bb'], answers(0, 0, 300));
    const lan = side(['a1', 'b1'], answers(0, 0, 100), answers(1, 120, 220), answers(0, 240, 300));
    assert.equal(split(wan, lan, boxOf), 99);
  });

  test('is none when both move together, and a stranger is a box of its own', () => {
    const wan = side(['aa', 'bb'], answers(0, 0, 100), answers(1, 120, 300));
    const lan = side(['a1', 'b1'], answers(0, 0, 105), answers(1, 125, 300));
    assert.equal(split(wan, lan, boxOf), 0);
    assert.ok(split(wan, side(['ff'], answers(0, 0, 300)), boxOf) > 200);
  });
});

test('the last owner is the one heard last; strangers are neither box', () => {
  assert.equal(lastOwner(record(answers(0, 0, 100), answers(1, 110, 200))), 'bb');
  assert.equal(lastOwner(record()), undefined);
  assert.deepEqual(strangers({ macs: ['aa', 'ff'], claims: [] }, boxOf), ['ff']);
});
