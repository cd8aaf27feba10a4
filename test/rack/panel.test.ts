import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type NodeId, peerOf } from '../../src/model/pair.ts';
import { LEDS, type Led } from '../../src/model/panel.ts';
import { inBox, output, whole } from './verbs.ts';

/** Both front panels, pressed and looked at from outside of the service: through the simulated chip. */

type Seen = { readonly at: number } & Readonly<Record<Led, boolean>>;

const watch = async (node: NodeId, seconds: number): Promise<readonly Seen[]> =>
  read(await output('panel', node, `${seconds}s`));

/** From the moment that the button is down until some seconds after it is up. */
const pressed = async (node: NodeId, time: string): Promise<readonly Seen[]> =>
  read(await output('press', node, time, '--watch'));

function read(text: string): readonly Seen[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const on = (led: Led) => [led, new RegExp(`${led} on`).test(line)] as const;
      return { at: Number.parseInt(line, 10), ...(Object.fromEntries(LEDS.map(on)) as Record<Led, boolean>) };
    });
}

/** The times from one lighting up to the next, ms, in their order. */
function gaps(seen: readonly Seen[], led: Led): readonly number[] {
  const ups = seen.filter((one, index) => one[led] && index > 0 && !seen[index - 1]![led]).map(({ at }) => at);
  return ups.slice(1).map((at, index) => at - ups[index]!);
}

const near = (found: number, right: number): boolean => Math.abs(found - right) <= right / 10;

function blinks(seen: readonly Seen[], led: Led, right: number): void {
  const sorted = gaps(seen, led).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  process.stderr.write(`  ${led}: period ${median} ms, ${right} ms by the table\n`);
  assert.ok(median !== undefined, `${led} does not blink: ${JSON.stringify(seen)}`);
  assert.ok(near(median, right), `${led} blinks every ${median} ms, not ${right}`);
}

/**
 * For a pattern that stands between others: it blinks so at least `times` times on end. A single edge comes late where the guest
 * or its watcher waits for a processor, so the period is judged over the whole stretch; no gap of it may be of another pattern.
 */
function blinksFor(seen: readonly Seen[], led: Led, right: number, times: number): void {
  const all = gaps(seen, led);
  const means = all
    .map((_, from) => all.slice(from, from + times))
    .filter((stretch) => stretch.length === times && stretch.every((gap) => Math.abs(gap - right) < right / 2))
    .map((stretch) => stretch.reduce((sum, gap) => sum + gap) / times)
    .toSorted((x, y) => Math.abs(x - right) - Math.abs(y - right));
  process.stderr.write(`  ${led}: ${times} periods on end of ${means[0]?.toFixed()} ms, ${right} ms by the table\n`);
  assert.ok(
    means[0] !== undefined && near(means[0], right),
    `${led} does not blink every ${right} ms ${times} times on end: ${JSON.stringify(seen)}`,
  );
}

const steady = (seen: readonly Seen[], led: Led): boolean => {
  assert.ok(
    seen.every((one) => one[led] === seen[0]![led]),
    `${led} changes: ${JSON.stringify(seen)}`,
  );
  return seen[0]![led];
};

const LIMIT_MS = 120_000;

/** Watches again and again until it is as it should be. @throws the last complaint. */
async function eventually(node: NodeId, seconds: number, check: (seen: readonly Seen[]) => void): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  for (;;) {
    const seen = await watch(node, seconds);
    try {
      check(seen);
      return;
    } catch (error) {
      if (performance.now() > limit) throw error;
    }
  }
}

describe('the front panels', () => {
  let active: NodeId;
  let standby: NodeId;

  before(async () => {
    active = (await whole()).active!;
    standby = peerOf(active);
  });

  test('a whole pair: power and peer are lit on both, role on the active alone, fault on none', async () => {
    for (const node of [active, standby]) {
      await eventually(node, 3, (seen) => {
        const shown = Object.fromEntries(LEDS.map((led) => [led, steady(seen, led)]));
        assert.deepEqual(shown, { power: true, role: node === active, peer: true, fault: false });
      });
    }
  });

  test('a short press shows which box it is', async () => {
    const seen = await pressed(standby, '200ms');
    for (const led of LEDS) blinksFor(seen, led, 400, 5);
  });

  test('held for ten seconds it arms the factory reset, and nothing happens without a second press', async () => {
    await output('press', standby, '10s');
    // Armed for 10 s: long enough to find the pattern between the moments at which the emulated box is late.
    const seen = await watch(standby, 7);
    for (const led of LEDS) blinksFor(seen, led, 400, 3);
    const opposite = seen.filter((one) => one.power === one.role).length;
    assert.ok(opposite <= seen.length / 4, `power and role are alike in ${opposite} of ${seen.length}`);
    await eventually(standby, 3, (later) => assert.equal(steady(later, 'power'), true));
    assert.equal(await inBox(standby, 'test -e /var/lib/tandem/factory-reset || echo none'), 'none\n');
  });

  /** How long the box's journal, an ordinary process of an emulated box, may be behind the lane, s. */
  const JOURNAL_S = 60;

  /** Holds the button for long enough to ask for a hand-over that is refused. Answers what the log says of it. */
  async function refused(node: NodeId): Promise<string> {
    const journal = 'journalctl -u tandem-pair -o cat';
    const before = /^-- cursor: (.*)$/m.exec(await inBox(node, `${journal} -n 1 --show-cursor`))?.[1];
    assert.ok(before !== undefined, 'the journal has a cursor');
    const seen = await pressed(node, '8s');
    // 5.3 s of the press and 3 s of the refusal are of 13 and 7 periods.
    blinksFor(seen, 'role', 400, 6);
    blinksFor(seen, 'fault', 400, 5);
    const since = `${journal} --after-cursor='${before}'`;
    const log = await inBox(node, `timeout ${JOURNAL_S} ${since} -f -n all | grep -m 2 '^button: ' || true`);
    const [asked, answer, ...more] = log.split('\n');
    const heard = async () => `the journal since the press:\n${await inBox(node, `${since} --no-pager`)}`;
    if (asked !== 'button: hand-over asked for' || !answer || more.join('') !== '') assert.fail(await heard());
    return answer.slice('button: '.length);
  }

  test('held for longer on the standby it says so, and the hand-over is refused with the reason in the log', async () => {
    assert.equal(await refused(standby), `${standby} does not hold the floats (standby); ask ${active}`);
    assert.equal((await whole()).active, active);
  });

  test('while neither box is fit a hand-over is refused on both, with the reason', async () => {
    try {
      for (const node of [standby, active]) await output('nic', node, 'lan', 'down');
      await eventually(active, 3, (seen) => blinks(seen, 'fault', 1000));
      assert.equal(await refused(active), `${standby} is not fit: its private NIC is down`);
      assert.equal(await refused(standby), `${standby} does not hold the floats (standby); ask ${active}`);
    } finally {
      for (const node of [active, standby]) await output('nic', node, 'lan', 'up');
    }
    assert.equal((await whole()).active, active);
  });

  test('a dead controller shows on power, booting until it has spoken to a new lane, and the events tell why that one is new', async () => {
    await inBox(standby, 'systemctl stop tandem-controller');
    await eventually(standby, 6, (seen) => blinks(seen, 'power', 1200));
    await inBox(standby, 'systemctl kill --signal KILL tandem-pair');
    await eventually(standby, 5, (seen) => {
      blinks(seen, 'power', 1000);
      assert.equal(steady(seen, 'peer'), false);
    });
    await inBox(standby, 'systemctl start --no-block tandem-controller');
    await eventually(standby, 2, (seen) => assert.equal(steady(seen, 'power'), true));
    const events = await inBox(standby, 'tandem events --limit 50');
    assert.match(events, /process-ended +the pair lane ended by itself at \S+: killed by SIGKILL/);
  });

  test('a twin without power: peer and fault blink, acknowledged the fault is steady, alone after a new start', async () => {
    await output('cut', standby);
    await eventually(active, 5, (seen) => {
      blinks(seen, 'peer', 1000);
      blinks(seen, 'fault', 1000);
    });
    await output('press', active, '200ms');
    await eventually(active, 3, (seen) => assert.equal(steady(seen, 'fault'), true));
    await inBox(active, 'systemctl restart tandem-pair');
    await eventually(active, 3, (seen) => {
      assert.equal(steady(seen, 'role'), true);
      assert.equal(steady(seen, 'peer'), false);
    });
    await output('plug', standby);
    await whole();
  });
});
