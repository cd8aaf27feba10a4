import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasQuorum, liveOf, nextRampAt, rampOf, shareOfWeight } from '../../../../src/core/health/index.ts';

const sorry_server = { address: '192.0.2.99', port: 8080, forwarding: 'masquerade' } as const;

test('a quorum counts weights, or servers that have one', () => {
  const servers = [
    { live: true, weight: 3 },
    { live: true, weight: 0 },
    { live: false, weight: 5 },
    { live: true, weight: 2 },
  ];
  assert.equal(liveOf({ sorry_server, quorum: 1 }, servers), 5);
  assert.equal(liveOf({ sorry_server, quorum_by: 'servers' }, servers), 2);
});

test('a quorum is lost below quorum - hysteresis and had again at quorum + hysteresis', () => {
  const service = { sorry_server, quorum: 4, quorum_hysteresis: 1 };
  let had = true;
  const seen = [4, 3, 2, 3, 4, 5, 4, 3, 2, 5].map((live) => {
    had = hasQuorum(service, had, live);
    return had;
  });
  assert.deepEqual(seen, [true, true, false, false, false, true, true, true, false, true]);
});

test('without a live server there is no quorum, whatever the hysteresis', () => {
  assert.equal(hasQuorum({ sorry_server, quorum: 1, quorum_hysteresis: 1 }, true, 0), false);
  assert.equal(hasQuorum({ sorry_server }, true, 0), false);
  assert.equal(hasQuorum({ sorry_server }, false, 1), true);
});

test('a service without a sorry server has its quorum', () => {
  assert.equal(hasQuorum({}, false, 0), true);
});

test('a weight comes back in ten steps', () => {
  const at = [0, 5_999, 6_000, 30_000, 53_999, 54_000, 1e9];
  assert.deepEqual(
    at.map((now) => rampOf(1000, 60, 1000 + now)),
    [10, 10, 20, 60, 90, 100, 100],
  );
  assert.equal(rampOf(undefined, 60, 5), 100);
  assert.equal(rampOf(0, undefined, 5), 100);
  assert.equal(nextRampAt(undefined, 60, 5), Number.POSITIVE_INFINITY);
});

test('following `nextRampAt` the share grows each time, to 100 within the slow start', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3600 }), fc.integer({ min: 0, max: 1e6 }), (slow, risen) => {
      let share = 0;
      for (let now = risen; now !== Number.POSITIVE_INFINITY; now = nextRampAt(risen, slow, now)) {
        const next = rampOf(risen, slow, now);
        assert.ok(next > share && now <= risen + slow * 1000);
        share = next;
      }
      assert.equal(share, 100);
    }),
  );
});

test('a share of a weight is never 0 by rounding', () => {
  assert.deepEqual(
    [shareOfWeight(1, 10), shareOfWeight(100, 33), shareOfWeight(100, 0), shareOfWeight(0, 50)],
    [1, 33, 0, 0],
  );
});
