import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import type { ConnectionsReport } from '../../image/rack/drill/connections.ts';
import { series } from '../../image/rack/drill/findings.ts';
import { blind, type Series, worstOutage } from '../../image/rack/drill/measure.ts';
import { lastOwner, split, strangers, twoOwners } from '../../image/rack/drill/ownership.ts';
import type { ProberReport } from '../../image/rack/drill/prober.ts';
import { now } from '../../image/rack/drill/program.ts';
import { type Capture, Program, programs } from '../../image/rack/drill/programs.ts';
import { boxOf } from '../../image/rack/drill/traffic.ts';
import type { WatcherReport } from '../../image/rack/drill/watcher.ts';
import { mac, PRIVATE_FLOAT, VIP } from '../../image/rack/figure.ts';
import { asRoot } from './toy/asRoot.ts';
import { createWorld, type Done, type World } from './toy/world.ts';

/**
 * The measuring programs against faults of known length, in namespaces of this machine. Needs root, or a user namespace
 * in which it is root: then it starts itself there.
 */

const QUIET = 500;
const LIMIT = 20_000;
const COUNT = 30;
/** Ms by which a measured outage may differ from the one made: a probe period, an `ip` call, an answer's way back. */
const BELOW = 12;
const ABOVE = 30;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

interface Seen {
  readonly kinds: Series[];
  readonly prober: ProberReport;
  readonly connections: ConnectionsReport;
  readonly wan: WatcherReport;
  readonly lan: WatcherReport;
}

/** Starts all programs, waits for untroubled traffic, lets `fault` happen, waits for quiet again and collects. */
async function watched(world: World, fault: (pids: { prober: number }) => Promise<void>): Promise<Seen> {
  const child = world.client.spawn(programs.prober({ host: VIP, tcpPort: 80, udpPort: 7, thin: 1 }));
  const prober = new Program<ProberReport>('prober', child);
  const connections = new Program<ConnectionsReport>(
    'connections',
    world.client.spawn(programs.connections({ host: VIP, port: 8081, count: COUNT, thin: 1 })),
  );
  const watch = (device: string, float: string, asker: string) =>
    new Program<WatcherReport>(`watcher ${device}`, world.rack.spawn(programs.watcher({ device, float, asker })));
  const wan = watch('wan', VIP, '198.51.100.254');
  const lan = watch('lan', PRIVATE_FLOAT, '192.0.2.254');
  const all = [prober, connections, wan, lan];
  try {
    await Promise.all(all.map((program) => program.steady(QUIET, LIMIT)));
    const from = now() - QUIET / 2;
    await fault({ prober: child.pid! });
    await Promise.all(all.map((program) => program.steady(QUIET, LIMIT)));
    const report = await prober.report();
    return {
      prober: report,
      // Without the seconds in which everything started.
      kinds: series(report).map((kind) => ({ ...kind, probes: kind.probes.filter(({ sent }) => sent >= from) })),
      connections: await connections.report(),
      wan: await wan.report(),
      lan: await lan.report(),
    };
  } finally {
    await Promise.all(all.map((program) => program.stop()));
  }
}

/** Owners are asked for every 20 ms: of what lies between two answers at either end nothing is certain. */
const BETWEEN_QUESTIONS = 2 * 20;

/** How long a fault was, ms: its own commands leave it open between these two. */
interface Made {
  readonly atLeast: number;
  readonly atMost: number;
}

const NOTHING: Made = { atLeast: 0, atMost: 0 };

const between = (first: Done, second: Done): Made => ({
  atLeast: second.from - first.to,
  atMost: second.to - first.from,
});

/** `below`, `above`: what may escape the measure, and what it may add. */
function about(measured: number, made: Made, what: string, { below = BELOW, above = ABOVE } = {}): void {
  const text = `${what}: measured ${measured.toFixed(1)} ms, made ${made.atLeast.toFixed(1)} to ${made.atMost.toFixed(1)} ms`;
  process.stderr.write(`  ${text}\n`);
  assert.ok(measured >= made.atLeast - below && measured <= made.atMost + above, text);
}

/** The prober's own record says for how long it did not send: by as much its figure may be off (`blind`). */
function outageAbout({ kinds }: Seen, made: Made, what: string): void {
  const unseen = Math.max(...kinds.map(blind));
  assert.ok(
    unseen < made.atLeast / 2,
    `${what}: the prober did not send for ${unseen.toFixed(1)} ms: nothing is proved`,
  );
  const margins = { below: Math.max(BELOW, unseen), above: Math.max(ABOVE, unseen) };
  about(worstOutage(kinds)?.ms ?? 0, made, what, margins);
}

asRoot(import.meta.url, 'the measuring programs', () => describe('the measuring programs in a toy world', suite));

function suite(): void {
  let world: World;
  before(async () => {
    world = await createWorld();
  });
  after(() => world.close());

  async function onlyA(): Promise<void> {
    await world.b.tell('drop');
    await world.a.tell('drop');
    await world.a.tell('take');
  }

  test('a quiet second shows no outage, one owner, every connection held', async () => {
    await onlyA();
    const seen = await watched(world, () => pause(1000));
    process.stderr.write(
      `  late p99: prober ${seen.prober.late_p99_ms} ms, connections ${seen.connections.late_p99_ms} ms, watcher ${seen.wan.late_p99_ms} ms\n`,
    );
    assert.equal(worstOutage(seen.kinds), undefined, JSON.stringify(seen.prober.failures));
    assert.equal(seen.connections.held, COUNT);
    assert.equal(seen.connections.lost, 0);
    assert.equal(boxOf(lastOwner(seen.wan) ?? ''), 'a');
    assert.deepEqual(twoOwners(seen.wan), { certain: 0, possible: 0 });
    assert.equal(split(seen.wan, seen.lan, boxOf), 0);
    assert.deepEqual(strangers(seen.wan, boxOf), []);
  });

  test('a move with a gap is an outage of that gap, one owner at a time, and ends connections nobody took over', async () => {
    await onlyA();
    let made = NOTHING;
    const seen = await watched(world, async () => {
      const gone = await world.a.tell('drop');
      await pause(150);
      made = between(gone, await world.b.tell('take'));
    });
    outageAbout(seen, made, 'outage');
    assert.equal(boxOf(lastOwner(seen.wan) ?? ''), 'b');
    assert.equal(boxOf(lastOwner(seen.lan) ?? ''), 'b');
    assert.equal(twoOwners(seen.wan).certain, 0);
    assert.equal(split(seen.wan, seen.lan, boxOf), 0);
    const { lost, held, reasons } = seen.connections;
    assert.equal(lost, COUNT, `held ${held}, lost ${lost}: ${JSON.stringify(reasons)}`);
  });

  test('two owners are seen for as long as there were two', async () => {
    await onlyA();
    let made = NOTHING;
    const seen = await watched(world, async () => {
      const second = await world.b.tell('take');
      await pause(120);
      made = between(second, await world.a.tell('drop'));
    });
    const { certain, possible } = twoOwners(seen.wan);
    about(certain, made, 'two owners, certain', { below: BETWEEN_QUESTIONS });
    assert.ok(possible >= certain);
    about(twoOwners(seen.lan).certain, made, 'two owners of the private float', { below: BETWEEN_QUESTIONS });
  });

  test('one float on each router is a split, not two owners', async () => {
    await onlyA();
    let made = NOTHING;
    const seen = await watched(world, async () => {
      await world.a.tell('drop', 'private');
      const apart = await world.b.tell('take', 'private');
      await pause(120);
      made = between(apart, await world.b.tell('drop', 'private'));
      await world.a.tell('take', 'private');
    });
    about(split(seen.wan, seen.lan, boxOf), made, 'split', { below: BETWEEN_QUESTIONS });
    assert.equal(twoOwners(seen.wan).certain, 0);
    assert.equal(twoOwners(seen.lan).certain, 0);
  });

  test('a cable out for a while is an outage through which connections hold', async () => {
    await onlyA();
    let made = NOTHING;
    const seen = await watched(world, async () => {
      // Out of the bridge rather than down: a carrier's return takes the kernel up to a second to notice.
      const before = now();
      world.rack.run('ip link set a-wan nomaster');
      const out = now();
      await pause(300);
      const back = now();
      world.rack.run('ip link set a-wan master wan');
      made = between({ from: before, to: out }, { from: back, to: now() });
    });
    outageAbout(seen, made, 'outage by cable');
    assert.equal(seen.connections.lost, 0, JSON.stringify(seen.connections.reasons));
    const stalls = seen.connections.stalls.map(([, ms]) => ms);
    assert.ok(stalls.length >= COUNT && Math.max(...stalls) >= made.atLeast, `stalls: ${stalls}`);
  });

  test('a prober that did not run says so and blames nobody', async () => {
    await onlyA();
    const seen = await watched(world, async ({ prober }) => {
      process.kill(prober, 'SIGSTOP');
      await pause(300);
      process.kill(prober, 'SIGCONT');
    });
    assert.equal(worstOutage(seen.kinds), undefined, JSON.stringify(seen.prober.failures));
    about(Math.max(...seen.kinds.map(blind)), { atLeast: 300, atMost: 300 }, 'blind');
  });

  test('a capture notes who spoke to whom', async () => {
    await onlyA();
    const capture: Capture = new Program('capture', world.client.spawn(programs.capture({ device: 'eth0' })));
    try {
      await capture.report();
      world.client.run(`bash -c 'printf "GET / HTTP/1.0\\r\\n\\r\\n" >/dev/tcp/${VIP}/80'`);
      const { frames } = await capture.report();
      const answer = frames.find(({ source, protocol }) => source === VIP && protocol === 6);
      assert.equal(answer?.from, mac('a', 'public'));
      assert.equal(answer?.target, '198.51.100.50');
      assert.equal(answer?.sourcePort, 80);
    } finally {
      await capture.stop();
    }
  });

  test('the programs end with the one that started them', async () => {
    const child = world.client.spawn(programs.prober({ host: VIP, tcpPort: 80, udpPort: 7, thin: 1 }));
    const closed = once(child, 'close');
    child.stdin?.end();
    await closed;
  });
}
