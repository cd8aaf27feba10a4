import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFeed } from '../../../src/console/feed.ts';
import { createRateBook } from '../../../src/console/rates.ts';
import type { Picture } from '../../../src/model/console.ts';
import { FakeClock } from '../../fakes/clock.ts';

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

function world() {
  const clock = new FakeClock();
  let looks = 0;
  let awake = 0;
  let broken = false;
  const look = async (): Promise<Picture> => {
    looks += 1;
    if (broken) throw new Error('the box does not answer');
    return { name: `look ${looks}` } as Picture;
  };
  const feed = createFeed(clock, look, () => {
    awake += 1;
    return () => {
      awake -= 1;
    };
  });
  const pass = async (ms: number): Promise<void> => {
    for (let step = 0; step < ms; step += 50) {
      clock.advance(50);
      await settle();
    }
  };
  return {
    feed,
    pass,
    looks: () => looks,
    awake: () => awake,
    break: (is: boolean) => {
      broken = is;
    },
  };
}

test('nobody looks: nothing runs; one looks: once a second', async () => {
  const { feed, pass, looks, awake } = world();
  await pass(10_000);
  assert.deepEqual([looks(), awake()], [0, 0]);
  const leave = feed.subscribe(() => {});
  const second = feed.subscribe(() => {});
  await pass(10_000);
  assert.ok(looks() >= 9 && looks() <= 11, `${looks()} looks`);
  assert.equal(awake(), 1);
  leave();
  second();
  const before = looks();
  await pass(10_000);
  assert.deepEqual([looks(), awake(), feed.current()], [before, 0, undefined]);
});

test('news are looked at at once, and never more than twice a second', async () => {
  const { feed, pass, looks } = world();
  feed.subscribe(() => {});
  await pass(600);
  const before = looks();
  feed.news();
  await pass(50);
  assert.equal(looks(), before + 1);
  for (let i = 0; i < 40; i++) {
    feed.news();
    await pass(50);
  }
  assert.ok(looks() - before <= 6, `${looks() - before} looks in 2 s`);
});

test('the first news after a calm time do not wait for the last look to be old', async () => {
  const { feed, pass, looks } = world();
  feed.subscribe(() => {});
  await pass(1_050);
  const before = looks();
  feed.news();
  await pass(50);
  assert.equal(looks(), before + 1);
  feed.news();
  await pass(300);
  assert.equal(looks(), before + 1, 'the next news wait');
});

test('news while a look is under way are looked at when it is over', async () => {
  const clock = new FakeClock();
  const answers: ((picture: Picture) => void)[] = [];
  const feed = createFeed(
    clock,
    () => new Promise((answer) => answers.push(answer)),
    () => () => {},
  );
  feed.subscribe(() => {});
  clock.advance(50);
  assert.equal(answers.length, 1);
  feed.news();
  answers[0]!({ name: 'before the news' } as Picture);
  await settle();
  clock.advance(1);
  assert.equal(answers.length, 2);
});

test('the first picture is whole, the next are changes, and revisions count on', async () => {
  const { feed, pass } = world();
  const heard: unknown[] = [];
  feed.subscribe((shown, changes) => heard.push([shown.revision, shown.picture.name, changes]));
  await pass(1_100);
  assert.deepEqual(heard, [
    [1, 'look 1', undefined],
    [2, 'look 2', [{ at: ['name'], value: 'look 2' }]],
  ]);
});

test('a box that does not answer is asked again, and nothing is shown meanwhile', async () => {
  const { feed, pass, looks, break: fail } = world();
  const shown: number[] = [];
  feed.subscribe(({ revision }) => shown.push(revision));
  await pass(1_100);
  fail(true);
  const before = shown.length;
  await pass(3_000);
  assert.equal(shown.length, before);
  assert.ok(looks() > before);
  fail(false);
  await pass(1_100);
  assert.equal(shown.length, before + 1);
});

test('rates are per second over the last seconds; who is new or came back has none', () => {
  const book = createRateBook();
  const at = (connections: number) => new Map([['web/s1', { connections, bytesIn: connections * 10, bytesOut: 0 }]]);
  const none = { connections: 0, bytesIn: 0, bytesOut: 0 };
  assert.deepEqual(book.take(at(100), 0)('web/s1'), none);
  assert.deepEqual(book.take(at(300), 2_000)('web/s1'), { connections: 100, bytesIn: 1_000, bytesOut: 0 });
  assert.deepEqual(book.take(at(300), 2_000)('web/s9'), none);
  for (let second = 3; second <= 20; second++) book.take(at(300), second * 1_000);
  assert.deepEqual(book.take(at(300), 20_000)('web/s1'), none);
  assert.deepEqual(book.take(at(5), 21_000)('web/s1'), none);
  book.clear();
  assert.deepEqual(book.take(at(900), 60_000)('web/s1'), none);
});
