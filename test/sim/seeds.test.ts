import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, runSeed } from './run.ts';

const BLOCKS = 8;
const PER_BLOCK = 25;

const report = (outcome: Outcome): string =>
  `seed ${outcome.seed}: ${outcome.violation}\n${outcome.trace.slice(-30).join('\n')}\nagain: npm run sim -- --seed ${outcome.seed} --trace`;

for (let block = 0; block < BLOCKS; block += 1) {
  const first = 1 + block * PER_BLOCK;
  test(`seeds ${first} to ${first + PER_BLOCK - 1}: whatever strikes, every invariant holds`, () => {
    let moves = 0;
    for (let seed = first; seed < first + PER_BLOCK; seed += 1) {
      const outcome = runSeed({ seed });
      assert.equal(outcome.violation, undefined, report(outcome));
      moves += outcome.moves;
    }
    assert.ok(moves >= PER_BLOCK, `only ${moves} moves: these runs test nothing`);
  });
}

test('a seed reproduces its run to the last line', () => {
  const trace = (seed: number): string[] => {
    const lines: string[] = [];
    runSeed({ seed, onLine: (line) => lines.push(line) });
    return lines;
  };
  assert.deepEqual(trace(3), trace(3));
  assert.notDeepEqual(trace(3), trace(4));
});

/** The heartbeat that the usual one was before: `--beat 20/100`. */
const SLOWER = { intervalMs: 20, deadlineMs: 100 } as const;

/** Seeds that have failed once, and what they are about. */
const MENDED: Readonly<Record<number, string>> = {
  47973: 'an owner with a dead NIC lets go over a line that delays every word of its twin beyond the deadline',
};

/** The same with the slower heartbeat. */
const MENDED_SLOWER: Readonly<Record<number, string>> = {
  57134: 'a freeze during which nothing else happens is no time in which the box could have served',
  78228: 'an owner that thaws deaf to the new one is given way to: what it cannot hear it cannot heed',
  96311: 'two standbys whose only line delays every consent beyond the deadline settle on an owner all the same',
  97193: 'LANs parted and every link lossy: wrong moves that come again and again are slowed',
  122228: 'a line is not clean while bytes that were held up before it was mended are ahead of what is sent now',
  167918: 'an owner on a busy box hears who answers its probes for a second owner, which an unproved twin made it send',
  199034: 'a line that loses four beats of five has the time that a beat takes to come through',
  137979: "what a dying lane was writing does not land after the next lane's write",
};

for (const [seeds, timing] of [
  [MENDED, undefined],
  [MENDED_SLOWER, SLOWER],
] as const) {
  for (const [seed, what] of Object.entries(seeds)) {
    test(what, () => {
      const outcome = runSeed({ seed: Number(seed), timing });
      assert.equal(outcome.violation, undefined, report(outcome));
    });
  }
}
