import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ANSWER_GRACE_MS,
  type Answer,
  allChecks,
  type CheckSpec,
  type HealthEffect,
  type HealthEvent,
  initialHealth,
  isUp,
  MAX_ASKING,
  MAX_BURST,
  START_SPREAD_MS,
  shareOf,
  step,
  stuckChecks,
  wakeAt,
} from '../../../../src/core/health/index.ts';

const spec = (more: Partial<CheckSpec> = {}): CheckSpec => ({
  id: 'tcp 192.0.2.11:8080 1000/500/2/2',
  question: { type: 'tcp' },
  address: '192.0.2.11',
  port: 8080,
  interval: 1000,
  timeout: 500,
  rise: 2,
  fall: 2,
  retry: 250,
  ...more,
});

/** Drives the machine in simulated time; `answers` says what the server says at a time, undefined = nothing ever. */
class Bench {
  state = initialHealth;
  now = 0;
  readonly asked: number[] = [];
  readonly late: number[] = [];
  readonly news: string[] = [];
  readonly verdicts: string[] = [];
  #pending: { at: number; event: HealthEvent }[] = [];
  readonly #answers: (now: number) => boolean | null | undefined;
  readonly #delay: number;

  constructor(answers: (now: number) => boolean | null | undefined, delay = 1) {
    this.#answers = answers;
    this.#delay = delay;
  }

  post(event: HealthEvent): void {
    const stepped = step(this.state, event, this.now);
    this.state = stepped.state;
    for (const effect of stepped.effects) this.#run(effect);
  }

  #run(effect: HealthEffect): void {
    if (effect.type === 'verdict') {
      this.verdicts.push(`${effect.was}>${effect.verdict} at ${this.now} ${effect.reason}`);
      return;
    }
    if (effect.type === 'news') {
      this.news.push(effect.id);
      return;
    }
    this.asked.push(this.now);
    this.late.push(effect.late);
    const ok = this.#answers(this.now);
    if (ok === undefined) return;
    const { attempt } = effect;
    const { id } = effect.spec;
    const event: HealthEvent = { type: 'answer', id, attempt, ok, reason: ok ? 'connected' : 'refused' };
    // Every answer takes equally long, so that they come in the order of their questions.
    this.#pending.push({ at: this.now + this.#delay, event });
  }

  runTo(end: number): void {
    for (;;) {
      const next = Math.min(this.#pending[0]?.at ?? Number.POSITIVE_INFINITY, wakeAt(this.state));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      const due = this.#pending[0];
      if (due !== undefined && due.at <= this.now) this.post(this.#pending.shift()!.event);
      else this.post({ type: 'tick' });
    }
    this.now = end;
  }
}

const start = (bench: Bench, specs: CheckSpec[], adopted: Record<string, 'up' | 'down'> = {}): void =>
  bench.post({ type: 'checks', specs, adopted });

test('a server never asked counts as up, and the first answer decides', () => {
  const bench = new Bench(() => false);
  start(bench, [spec()]);
  assert.ok(isUp(bench.state, spec().id));
  bench.runTo(START_SPREAD_MS + 1);
  assert.equal(bench.verdicts.length, 1);
  assert.match(bench.verdicts[0]!, /^unknown>down .* refused$/);
  assert.ok(!isUp(bench.state, spec().id));
});

test('a server without a check is up', () => {
  assert.ok(isUp(initialHealth, undefined));
});

test('an adopted server that is up falls only after `fall` bad answers, and well within fall × interval', () => {
  const bench = new Bench((now) => now < 5000);
  start(bench, [spec({ fall: 3 })], { [spec().id]: 'up' });
  bench.runTo(20_000);
  assert.equal(bench.verdicts.length, 1);
  const at = Number(/at (\d+)/.exec(bench.verdicts[0]!)![1]);
  assert.ok(at > 5000 && at <= 5000 + 3 * 1000, `fell at ${at}`);
});

test('one bad answer between good ones changes nothing and is asked about sooner', () => {
  let bad = 0;
  const bench = new Bench((now) => {
    if (now < 3000 || bad > 0) return true;
    bad = now;
    return false;
  });
  start(bench, [spec()], { [spec().id]: 'up' });
  bench.runTo(10_000);
  assert.deepEqual(bench.verdicts, []);
  const after = bench.asked.find((at) => at > bad)!;
  assert.equal(after - bad, 250);
});

test('a server that is down rises after `rise` good answers in a row', () => {
  const bench = new Bench((now) => now > 5000);
  start(bench, [spec({ rise: 3 })], { [spec().id]: 'down' });
  bench.runTo(20_000);
  assert.equal(bench.verdicts.length, 1);
  const good = bench.asked.filter((at) => at > 5000);
  assert.ok(bench.verdicts[0]!.startsWith(`down>up at ${good[2]! + 1}`), bench.verdicts[0]);
});

test('an asker that never comes back proves nothing: verdicts are held, and the checker is stuck', () => {
  const bench = new Bench(() => undefined);
  start(bench, [spec()], { [spec().id]: 'up' });
  bench.runTo(5000);
  assert.equal(stuckChecks(bench.state, bench.now), 0);
  bench.runTo(20_000);
  assert.deepEqual(bench.verdicts, []);
  assert.equal(stuckChecks(bench.state, bench.now), 1);
  assert.ok(bench.asked.length > 5, 'it goes on asking');
});

test('an answer that proves nothing holds the verdict, up or down, and one that does ends the suspicion', () => {
  for (const verdict of ['up', 'down'] as const) {
    const bench = new Bench((now) => (now < 20_000 ? null : verdict === 'up'));
    start(bench, [spec()], { [spec().id]: verdict });
    bench.runTo(19_000);
    assert.deepEqual(bench.verdicts, []);
    assert.equal(stuckChecks(bench.state, bench.now), 1);
    bench.runTo(22_000);
    assert.equal(stuckChecks(bench.state, bench.now), 0);
    assert.equal(isUp(bench.state, spec().id), verdict === 'up');
  }
});

test('10,000 checks do not start at once, and a question tells how late it is', () => {
  const specs = Array.from({ length: 10_000 }, (_, i) => spec({ id: `check ${i}`, port: 1 + i, interval: 60_000 }));
  const bench = new Bench(() => true);
  start(bench, specs);
  bench.runTo(6000);
  assert.equal(bench.asked.length, 10_000);
  const first = bench.asked.filter((at) => at < 500).length;
  assert.ok(first > 500 && first < 1500, `${first} in the first tenth`);
  assert.ok(Math.max(...bench.late) < 50, `${Math.max(...bench.late)} ms late`);
});

test('a doubtful server is asked again after `retry`', () => {
  const bench = new Bench(() => false);
  start(bench, [spec({ fall: 3, retry: 100 })], { [spec().id]: 'up' });
  bench.runTo(5000);
  const [one = 0, two = 0, three = 0, four = 0] = bench.asked;
  assert.deepEqual([two - one, three - two, four - three], [100, 100, 1000]);
});

test('a share, a warning and the reason of a server that is down are news, and no verdict', () => {
  const bench = new Bench(() => undefined);
  start(bench, [spec()], { [spec().id]: 'up' });
  const answers: Answer[] = [
    { ok: true, reason: 'a', share: 40 },
    { ok: true, reason: 'b', share: 40, warning: 'ends soon' },
    { ok: true, reason: 'c', share: 40, warning: 'ends soon' },
    { ok: false, reason: 'x' },
    { ok: false, reason: 'y' },
    { ok: false, reason: 'z' },
  ];
  const news = answers.map((answer) => {
    bench.runTo(wakeAt(bench.state));
    const before = bench.news.length;
    bench.post({ type: 'answer', id: spec().id, attempt: bench.asked.length, ...answer });
    return bench.news.length - before;
  });
  assert.deepEqual(news, [1, 1, 0, 0, 0, 1]);
  assert.equal(shareOf(bench.state, spec().id), 40);
  assert.equal(shareOf(bench.state, 'another'), 100);
  assert.equal(bench.verdicts.length, 1);
});

test('an answer to an older question is not counted', () => {
  const bench = new Bench(() => undefined);
  start(bench, [spec()], { [spec().id]: 'up' });
  bench.runTo(START_SPREAD_MS);
  const before = bench.state;
  bench.post({ type: 'answer', id: spec().id, attempt: 99, ok: false, reason: 'refused' });
  assert.equal(bench.state, before);
});

test('a changed timing keeps what is known of the server', () => {
  const bench = new Bench(() => false);
  start(bench, [spec()]);
  bench.runTo(1000);
  const other = spec({ id: 'tcp 192.0.2.11:8080 2000/500/2/2', interval: 2000 });
  start(bench, [other]);
  assert.ok(!isUp(bench.state, other.id));
  assert.deepEqual(
    allChecks(bench.state.book).map((check) => check.spec.id),
    [other.id],
  );
});

const asking = (bench: Bench, type: string): number =>
  allChecks(bench.state.book).filter((check) => check.asking !== undefined && check.spec.question.type === type).length;

test('no more than the limit is asked at once, everyone has a turn, and lateness is told', () => {
  const count = MAX_ASKING.heavy * 3;
  const question = { type: 'smtp', helo: 'a' } as const;
  const specs = Array.from({ length: count }, (_, i) => spec({ id: `check ${i}`, port: 1000 + i, question }));
  let most = 0;
  const bench = new Bench(() => true, 300);
  start(bench, specs);
  while (bench.now < 5000) {
    bench.runTo(bench.now + 5);
    most = Math.max(most, asking(bench, 'smtp'));
  }
  assert.equal(most, MAX_ASKING.heavy);
  assert.ok(allChecks(bench.state.book).every((check) => check.verdict === 'up'));
  assert.ok(Math.max(...bench.late) > 50, 'questions waited for room');
});

test('conversations that fill their room keep no connection check waiting, and the other way round', () => {
  const question = { type: 'smtp', helo: 'a' } as const;
  const slow = Array.from({ length: 2 * MAX_ASKING.heavy }, (_, i) => spec({ id: `slow ${i}`, port: i, question }));
  const bench = new Bench(() => undefined);
  start(bench, [...slow, spec()]);
  bench.runTo(1000);
  assert.equal(asking(bench, 'smtp'), MAX_ASKING.heavy);
  assert.equal(asking(bench, 'tcp'), 1);
});

test('after a stall what is due goes out in bursts, the longest due first, and answers are heard between them', () => {
  const specs = Array.from({ length: 1000 }, (_, i) => spec({ id: `check ${i}`, port: 1 + i }));
  const started = step(initialHealth, { type: 'checks', specs, adopted: {} }, 0).state;
  const { state, effects } = step(started, { type: 'tick' }, 10_000);
  assert.equal(effects.length, MAX_BURST);
  const late = effects.map((effect) => (effect.type === 'probe' ? effect.late : Number.NaN));
  assert.deepEqual(
    late,
    late.toSorted((a, b) => b - a),
  );
  assert.ok(wakeAt(state) <= 10_000, 'the rest is still due');
});

test('10,000 dead servers with 3 s of every 5 s are all asked every 5 s', () => {
  const specs = Array.from({ length: 10_000 }, (_, i) =>
    spec({ id: `check ${i}`, port: 1 + i, interval: 5000, timeout: 3000 }),
  );
  const bench = new Bench(() => false, 3000);
  start(bench, specs);
  bench.runTo(20_000);
  assert.ok(Math.max(...bench.late) < 50, `${Math.max(...bench.late)} ms late`);
  assert.ok(allChecks(bench.state.book).every((check) => check.verdict === 'down'));
});

test('whatever the number of checks, the first one due and the lost ones are those of a plain list', () => {
  const few = fc.integer({ min: 0, max: 600 });
  fc.assert(
    fc.property(few, fc.array(fc.tuple(few, fc.constantFrom('good', 'lost')), { maxLength: 50 }), (count, moves) => {
      const specs = Array.from({ length: count }, (_, i) => spec({ id: `check ${i}`, port: 1 + i }));
      let state = step(initialHealth, { type: 'checks', specs, adopted: {} }, 0).state;
      let now = 0;
      for (const [pick, move] of moves) {
        if (count === 0) break;
        now = move === 'lost' ? now + 700 : wakeAt(state);
        while (wakeAt(state) <= now) {
          const { state: next, effects } = step(state, { type: 'tick' }, now);
          assert.ok(effects.length <= MAX_BURST);
          state = next;
        }
        const check = allChecks(state.book)[pick % count]!;
        const { asking: under } = check;
        if (under !== undefined && move === 'good') {
          const answer = { type: 'answer', id: check.spec.id, attempt: under.attempt, ok: true, reason: '' } as const;
          state = step(state, answer, now).state;
        }
        const all = allChecks(state.book);
        assert.equal(all.length, count);
        const resting = all.filter((one) => one.asking === undefined).map((one) => one.nextAt);
        const lost = all.flatMap((one) => (one.asking ? [one.asking.since + one.spec.timeout + ANSWER_GRACE_MS] : []));
        assert.equal(wakeAt(state), Math.min(...resting, ...lost));
        assert.ok(Math.min(...resting) > now, 'everything due was asked');
        assert.ok(Math.min(...lost) > now, 'everything lost was given up');
      }
    }),
    { numRuns: 200 },
  );
});

test('equal intervals do not fall on the same instant', () => {
  const specs = Array.from({ length: 20 }, (_, i) => spec({ id: `check ${i}`, port: 1000 + i }));
  const bench = new Bench(() => true);
  start(bench, specs);
  bench.runTo(START_SPREAD_MS);
  assert.ok(new Set(bench.asked).size > 10, String(bench.asked));
});

test('whatever a server answers, verdicts alternate and questions keep their distance', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(true, false, undefined), { minLength: 1, maxLength: 40 }), (script) => {
      let at = 0;
      const bench = new Bench(() => script[at++ % script.length]);
      start(bench, [spec()]);
      bench.runTo(60_000);
      const turns = bench.verdicts.map((line) => /^(\w+)>(\w+)/.exec(line)!);
      for (const [index, turn] of turns.entries()) assert.equal(turn[1], turns[index - 1]?.[2] ?? 'unknown');
      for (const [index, time] of bench.asked.slice(1).entries()) assert.ok(time - bench.asked[index]! >= 50);
    }),
    { numRuns: 100 },
  );
});
