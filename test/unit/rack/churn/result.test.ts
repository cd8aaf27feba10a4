import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChurnResult, complaints, told } from '../../../../image/rack/churn/result.ts';

const GOOD: ChurnResult = {
  seed: 1,
  minutes: 5,
  active: 'a',
  untouched: { requests: 6000, datagrams: 6000, connections: { held: 20, lost: 0 }, failures: {} },
  touched: { exchanges: 9000, held: 30, opened: 90 },
  cuts: { drained: 0, inUse: 0, due: 2, examples: [] },
  changes: { weight: 40, drain: 12 },
  refused: { 'a: there is no real server "churn8/s1"': 3 },
  wrong: [],
  askedAgain: 4,
  kills: 29,
  missed: 0,
  back_ms: { median: 4100, longest: 6200 },
  takeovers: 0,
  terms: 0,
  ok: true,
};

test('nothing is wrong with a run in which nobody noticed', () => {
  assert.deepEqual(complaints(GOOD), []);
  assert.match(
    told(GOOD).join('\n'),
    /churn: 5 min, seed 1: ok\n.*6000 requests.*\n[\s\S]*changes: 52 \(40 weight, 12 drain\)/,
  );
});

test('each bar is a complaint of its own', () => {
  const { untouched, cuts } = GOOD;
  const wrong: readonly (readonly [Partial<ChurnResult>, RegExp])[] = [
    [{ untouched: { ...untouched, failures: { 'http ECONNRESET': 2 } } }, /failed on .*: 2 http ECONNRESET/],
    [{ untouched: { ...untouched, requests: 0 } }, /nothing was asked/],
    [{ cuts: { ...cuts, drained: 1 } }, /1 connections cut on drained servers/],
    [{ cuts: { ...cuts, inUse: 1 } }, /1 connections cut on servers in use/],
    [{ changes: {} }, /no change was answered/],
    [{ takeovers: 1 }, /1 takeovers/],
    [{ terms: 1 }, /1 new terms/],
    [{ wrong: ['accepted: two services on one port'] }, /accepted: two services/],
  ];
  for (const [change, text] of wrong) {
    const said = complaints({ ...GOOD, ...change });
    assert.equal(said.length, 1, said.join('; '));
    assert.match(said[0]!, text);
  }
});
