import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FAULTS, type Fault } from '../../image/rack/bench/faults.ts';
import { type Trial, trial } from '../../image/rack/bench/trial.ts';
import { rackDocument } from '../../image/rack/seed.ts';
import { documentFor, lanes } from '../bench/takeover/lanes.ts';
import { Spaces } from '../bench/takeover/spaces.ts';

/** The shipped pair lane on this machine's own processor, between namespaces. How long it takes is the bench's to say. */

const CONNECTIONS = 50;
/** A busy machine must not be what moves the floats. */
const BEAT = { interval_ms: 100, deadline_ms: 500 } as const;

// A user namespace gives neither real-time priority nor locked memory, and the lane asks for both.
const skip = process.getuid?.() !== 0 && 'NOT RUN: the pair lane needs root for real-time priority and locked memory';

describe('two lanes in namespaces', { skip }, () => {
  let spaces: Spaces;
  let pair: ReturnType<typeof lanes>;
  before(async () => {
    spaces = await Spaces.create();
    pair = lanes('tandem', documentFor(await rackDocument()), BEAT);
  });
  after(async () => {
    await spaces?.close();
    await pair?.close();
  });

  async function put(name: string): Promise<Trial> {
    const fault = FAULTS.find((one): one is Fault => one.name === name)!;
    const load = { connections: CONNECTIONS, thin: 1 } as const;
    return trial(spaces, pair, fault, { run: 1, load, install: true, tell: () => {} });
  }

  for (const name of ['hand-over', 'power-cut']) {
    test(`${name}: both floats move, nobody is a second owner, every connection goes on`, async () => {
      const { reasons, connections, two_owner_ms, still_two_owners } = await put(name);
      // What kept the prober from asking is the machine's, and said; everything else is not.
      assert.deepEqual(
        reasons.filter((reason) => !reason.startsWith('the prober sent nothing')),
        [],
      );
      assert.deepEqual(
        { connections, two_owner_ms, still_two_owners },
        { connections: { held: CONNECTIONS, lost: 0 }, two_owner_ms: 0, still_two_owners: false },
      );
    });
  }
});
