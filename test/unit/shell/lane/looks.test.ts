import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerLink } from '../../../../src/ports/peer.ts';
import { createLooks } from '../../../../src/shell/lane/looks.ts';

const INTERVAL = 20;

/** A serial line that counts its looks, and a NIC beside it, on a clock that only the test moves. */
function bench({ onLook = () => {} }: { onLook?: () => void } = {}) {
  let now = 0;
  let timers: { at: number; fire: () => void }[] = [];
  const clock = {
    now: () => now,
    wall: () => 0,
    at(at: number, fire: () => void) {
      const timer = { at, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const link = (id: PeerLink['id']): PeerLink => ({
    id,
    send: () => {},
    onFrame: () => {},
    drops: () => ({}),
    close: () => {},
  });
  const looked: number[] = [];
  const nic = link('public');
  const serial = {
    ...link('serial'),
    look() {
      looked.push(now);
      onLook();
    },
  };
  const looks = createLooks(clock, [serial, nic], INTERVAL);
  return {
    looks,
    looked,
    nic,
    serial,
    run(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        now = next.at;
        timers = timers.filter((timer) => timer !== next);
        next.fire();
      }
      now = end;
    },
  };
}

test('alone the line is looked at four times a beat', () => {
  const { looked, run } = bench();
  run(2 * INTERVAL);
  assert.deepEqual(looked, [5, 10, 15, 20, 25, 30, 35, 40]);
});

test('while another link brings beats, only when it is asked for', () => {
  const { looks, looked, nic, serial, run } = bench();
  looks.heard(nic);
  run(INTERVAL / 4);
  looked.length = 0;
  for (let beat = 0; beat < 5; beat++) {
    run(INTERVAL);
    looks.heard(nic);
    looks.heard(serial);
    looks.look();
  }
  assert.equal(looked.length, 5);
});

test('three beats after the other link’s last one it is alone again', () => {
  const { looks, looked, nic, run } = bench();
  looks.heard(nic);
  run(2 * INTERVAL);
  looks.look();
  looked.length = 0;
  run(INTERVAL);
  assert.deepEqual(looked, []);
  looks.look();
  run(INTERVAL);
  assert.deepEqual(looked, [60, 65, 70, 75, 80]);
});

test('a beat that answers what a look brought does not look again within it', () => {
  const answering: ReturnType<typeof bench> = bench({ onLook: () => answering.looks.look() });
  answering.looks.look();
  assert.equal(answering.looked.length, 1);
});

test('closed, nobody looks any more', () => {
  const { looks, looked, run } = bench();
  looks.close();
  run(INTERVAL);
  looks.look();
  assert.deepEqual(looked, []);
});
