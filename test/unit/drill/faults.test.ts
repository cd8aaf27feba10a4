import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Held, oneRevision } from '../../../image/rack/drill/document.ts';
import { settledIn, tookAfter } from '../../../image/rack/drill/faults/boot.ts';
import { type ClaimRow, claimKinds, type FloatRecord } from '../../../image/rack/drill/ownership.ts';
import type { Mark } from '../../../src/model/timeline.ts';

describe('one revision after a power cut', () => {
  const holds = (a: string, b: string, first = 2, second = first): Held => ({
    a: { revision: first, text: a },
    b: { revision: second, text: b },
  });
  const old = holds('old', 'old', 1);

  test('either one will do as long as nobody was answered', () => {
    assert.deepEqual(oneRevision(old, holds('old', 'old', 1), 'new', false), []);
    assert.deepEqual(oneRevision(old, holds('new', 'new'), 'new', false), []);
  });

  test('the one that was answered is on both', () => {
    assert.deepEqual(oneRevision(old, holds('new', 'new'), 'new', true), []);
    const wrong = oneRevision(old, holds('old', 'old', 1), 'new', true);
    assert.deepEqual(wrong, [
      'the new revision was answered, and a holds revision 1, the old one',
      'the new revision was answered, and b holds revision 1, the old one',
    ]);
  });

  test('two different ones, a torn one and one from the past are told', () => {
    const one = (found: Held) => oneRevision(old, found, 'new', false).join('; ');
    assert.match(
      one(holds('new', 'old', 2, 1)),
      /^the boxes differ: a holds revision 2, the new one; b holds revision 1, the old one$/,
    );
    assert.match(one(holds('new', 'new', 2, 3)), /^the boxes differ/);
    assert.match(one(holds('ne', 'ne')), /a holds revision 2, neither old nor new/);
    assert.match(one(holds('old', 'old', 0)), /a holds revision 0, the old one, after revision 1/);
  });
});

describe('both boxes booting', () => {
  const answers = (...claims: readonly (readonly [received: number, sent: number])[]): FloatRecord => ({
    macs: ['m'],
    claims: claims.map(([received, sent]): ClaimRow => [0, claimKinds.answer, received, sent]),
  });
  const powered = 10_000;

  test('settle from the later lane’s first byte to the later float’s first answer', () => {
    const floats = [answers([9000, 8990], [42_500, 42_490]), answers([43_000, 42_990])];
    assert.equal(settledIn({ powered, beats: { a: 40_000, b: 41_000 }, floats }), 2000);
  });

  test('an owner before the later lane runs is no wait', () => {
    assert.equal(settledIn({ powered, beats: { a: 40_000, b: 50_000 }, floats: [answers([45_000, 44_990])] }), 0);
  });

  test('the box that took is judged from its controller’s last word before', () => {
    const mark = (what: Mark['what'], at: number): Mark => ({ what, at, subject: '', value: 0, count: 1 });
    const marks = [mark('controller-ready', 100), mark('controller-ready', 900), mark('installed', 1400)];
    assert.equal(tookAfter({ marks: [...marks, mark('controller-ready', 2000)] }), 500);
    assert.equal(tookAfter({ marks: marks.slice(0, 2) }), undefined);
    assert.equal(tookAfter({ marks: marks.slice(2) }), undefined);
  });

  test('have not settled when a lane was never heard, or an answer is from before the power came', () => {
    const floats = [answers([9000, 8990])];
    assert.equal(settledIn({ powered, beats: { a: 40_000, b: 41_000 }, floats }), undefined);
    assert.equal(settledIn({ powered, beats: { a: null, b: 41_000 }, floats: [answers([45_000, 44_990])] }), undefined);
  });
});
