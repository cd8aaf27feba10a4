import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CheckState,
  checkIn,
  type HealthEvent,
  type HealthState,
  initialHealth,
  type Known,
  step,
  type Word,
} from '../../../../src/core/health/index.ts';
import { specOf } from './checks.ts';

/** What a check is before it is proved here: adopted, recalled, or the twin's word. */

const spec = specOf(1);
const word = (more: Partial<Word> = {}): Word => ({ verdict: 'up', reason: 'connected', risenAt: undefined, ...more });
const known = (more: Partial<Known> = {}): Known => ({ ...word(), share: 100, warning: '', ...more });

class Bench {
  state: HealthState = initialHealth;
  now = 1000;
  readonly said: string[] = [];

  post(event: HealthEvent): this {
    const stepped = step(this.state, event, this.now);
    this.state = stepped.state;
    for (const effect of stepped.effects) if (effect.type !== 'probe') this.said.push(effect.type);
    return this;
  }

  start(adopted: Record<string, 'up' | 'down'> = {}, recalled?: Known): this {
    const all = recalled === undefined ? {} : { known: new Map([[spec.id, recalled]]) };
    return this.post({ type: 'checks', specs: [spec], adopted, ...all });
  }

  twin(said: Word): this {
    return this.post({ type: 'twin', words: new Map([[spec.id, said]]) });
  }

  answer(ok: boolean): this {
    for (let tries = 0; this.check().asking === undefined && tries < 100; tries += 1) {
      this.now = Math.max(this.now, this.check().nextAt);
      this.post({ type: 'tick' });
    }
    return this.post({
      type: 'answer',
      id: spec.id,
      attempt: this.check().asking!.attempt,
      ok,
      reason: ok ? 'ok' : 'no',
    });
  }

  check = (): CheckState => checkIn(this.state.book, spec.id)!;
  shown = (): [string, string] => [this.check().verdict, this.check().reason];
}

test('the twin’s verdict stands in for one that this box has not proved, also for the kernel’s', () => {
  for (const adopted of [{}, { [spec.id]: 'up' as const }]) {
    const bench = new Bench().start(adopted).twin(word({ verdict: 'down', reason: 'timed out' }));
    assert.deepEqual(bench.shown(), ['down', 'timed out']);
    assert.deepEqual(bench.said, ['news']);
    // It is one to be turned by answers in a row, as any other.
    assert.equal(bench.answer(true).check().verdict, 'down');
    assert.equal(bench.answer(true).check().verdict, 'up');
  }
});

test('what this box has proved itself, now or before a restart, is not the twin’s to say', () => {
  const proved = new Bench().start().answer(true);
  assert.equal(proved.twin(word({ verdict: 'down' })).check().verdict, 'up');
  const recalled = new Bench().start({}, known({ verdict: 'down', reason: 'refused' }));
  assert.deepEqual(recalled.twin(word()).shown(), ['down', 'refused']);
});

test('a twin that does not know, and a word of a server that is not checked, change nothing', () => {
  const bench = new Bench().start({ [spec.id]: 'down' });
  bench.twin(word({ verdict: 'unknown' }));
  bench.post({ type: 'twin', words: new Map([['tcp 192.0.2.99:1', word()]]) });
  assert.deepEqual([bench.check().verdict, bench.said], ['down', []]);
});

test('the same word again is no news', () => {
  const bench = new Bench().start().twin(word()).twin(word());
  assert.deepEqual(bench.said, ['news']);
});

test('what the process before this one knew comes back whole, and before what the kernel says', () => {
  const bench = new Bench().start({ [spec.id]: 'down' }, known({ risenAt: -9000, share: 40, warning: 'ends soon' }));
  const { verdict, risenAt, share, warning } = bench.check();
  assert.deepEqual([verdict, risenAt, share, warning], ['up', -9000, 40, 'ends soon']);
});

test('a slow start that began before this box first looked is taken from the twin', () => {
  const fresh = new Bench().start().twin(word({ risenAt: -20_000 }));
  assert.equal(fresh.check().risenAt, -20_000);
  assert.equal(fresh.answer(true).check().risenAt, -20_000, 'the first answer does not end it');
  const late = new Bench()
    .start()
    .answer(true)
    .twin(word({ risenAt: -20_000 }));
  assert.equal(late.check().risenAt, -20_000);
});

test('a server that this box saw up all the time does not start slowly because the twin’s path was cut', () => {
  const bench = new Bench().start().answer(true);
  bench.now += 60_000;
  bench.twin(word({ risenAt: bench.now - 10_000 }));
  assert.equal(bench.check().risenAt, undefined);
  const recalled = new Bench().start({}, known());
  assert.equal(recalled.twin(word({ risenAt: 500 })).check().risenAt, undefined);
});

test('this box’s own slow start is its own', () => {
  const bench = new Bench().start().answer(false);
  bench.answer(true).answer(true);
  const own = bench.check().risenAt;
  assert.ok(own !== undefined);
  assert.equal(bench.twin(word({ risenAt: own - 5000 })).check().risenAt, own);
});

test('a proof outlives another timing of the same question, and not another question', () => {
  const bench = new Bench().start().answer(true);
  const since = bench.check().provenSince;
  const slower = specOf(1, { id: 'slower', interval: 5000 });
  bench.post({ type: 'checks', specs: [slower], adopted: {} });
  assert.equal(checkIn(bench.state.book, 'slower')?.provenSince, since);
  const other = specOf(1, { id: 'other', question: { type: 'icmp' } });
  bench.post({ type: 'checks', specs: [other], adopted: {} });
  assert.deepEqual(
    [checkIn(bench.state.book, 'other')?.verdict, checkIn(bench.state.book, 'other')?.provenSince],
    ['up', undefined],
  );
});
