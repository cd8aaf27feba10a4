import { TandemError } from '../../../model/error.ts';
import type { NodeId } from '../../../model/pair.ts';
import type { Arp, Network } from '../../../ports/network.ts';
import { createBeats } from '../beats.ts';
import { dropFloats } from '../floats.ts';
import { type LaneRunner, runLane } from '../lane.ts';
import { stageClock } from './clock.ts';
import {
  stageConfig,
  stageHolds,
  stageLane,
  stageNetwork,
  stageRecords,
  stageSealer,
  stageTerms,
  stageWire,
} from './props.ts';

/** Enough for the runtime to compile what a move runs through, and to know its types. */
const ROUNDS = 8;

/** For the two to hear each other out again, ms of the stage's clock. */
const REUNION = 200;

/** Appointments until an act must be over; each takes some dozens. */
const PATIENCE = 5000;

/**
 * Plays both lanes of a pair that nobody needs, on the loopback device: a first start, hand-overs to and fro, a twin that
 * falls silent and comes back. The first failover of a process, and of a kernel, is its slowest by tens of ms on a small
 * processor, and may be months away; no client should wait for that one. Leaves nothing behind.
 * @throws TandemError `kernel-refused` as `changeAddresses` does, `internal` when the play does not come to its end.
 */
export async function rehearse(network: Network, arp: Arp): Promise<void> {
  const clock = stageClock();
  const wire = stageWire(clock);
  const lanes = { a: stageLane('a'), b: stageLane('b') };
  const kernel = stageNetwork(network);
  const play = (node: NodeId): LaneRunner =>
    runLane(
      {
        clock,
        network: kernel,
        arp: { ...arp, probe: () => {}, watch: () => () => {}, watchAnswers: () => () => {}, hear: () => {} },
        terms: stageTerms(),
        records: stageRecords(),
        holds: stageHolds,
        openBeats: (lane, onBeat) => createBeats(clock, stageSealer, wire.ends[node], onBeat, lane),
        writeRelease: () => {},
        guard: () => {},
        log: () => {},
        fail(reason) {
          throw new TandemError('internal', `rehearsal: ${reason}`);
        },
        ended: () => {},
      },
      lanes[node],
      stageConfig(lanes[node]),
    );
  const cast = { a: play('a'), b: play('b') };
  const owns = (node: NodeId): boolean => cast[node].state().role === 'active';

  async function until(what: string, done: () => boolean): Promise<void> {
    cast.a.ready(true);
    cast.b.ready(true);
    for (let kept = 0; !done(); kept++) {
      if (kept === PATIENCE || !clock.next())
        throw new TandemError('internal', `rehearsal: ${what} did not come about`);
      await undefined;
    }
  }

  try {
    await until('a first owner', () => owns('a') !== owns('b'));
    for (let round = 0; round < ROUNDS; round++) {
      const [from, to]: readonly NodeId[] = owns('a') ? ['a', 'b'] : ['b', 'a'];
      const answer = cast[from!].handOver('rehearsal');
      await until('a hand-over', () => owns(to!) && cast[from!].state().handOver === undefined);
      if (!(await answer).ok) throw new TandemError('internal', `rehearsal: ${(await answer).text}`);
      if (round % 2 === 0) continue;
      wire.connected = false;
      await until('a takeover', () => owns(from!));
      wire.connected = true;
      const restored = clock.now();
      await until('a single owner', () => owns('a') !== owns('b') && clock.now() - restored > REUNION);
    }
  } finally {
    for (const lane of [lanes.a, lanes.b]) dropFloats(network, lane.floats);
  }
}
