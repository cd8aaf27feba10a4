import type { NodeId } from '../../../src/model/pair.ts';
import type { System, TrialRack } from './system.ts';

type Act = <R extends TrialRack>(system: System<R>, rack: R, active: NodeId) => Promise<void>;

/** One fault that every system is put through in the same way. */
export interface Fault {
  readonly name: string;
  readonly what: string;
  /** Moves the floats first, so that there is something to come back from. */
  readonly prepare?: Act;
  readonly inject: Act;
  /** The twin is to have both floats afterwards. */
  readonly moves: boolean;
  /** What explains it where Tandem takes longer than keepalived. */
  readonly slower?: string;
}

/** What the same measure says when nothing happens: it stands beside every figure. */
export const QUIET: Fault = {
  name: 'quiet',
  what: 'nothing happens',
  inject: async () => {},
  moves: false,
};

/** In this order: what a box is switched off by comes last, since every system begins on fresh boxes. */
export const FAULTS: readonly Fault[] = [
  QUIET,
  {
    name: 'hand-over',
    what: 'an operator moves the floats: `tandem hand-over`, or `systemctl stop keepalived`, on the active box',
    inject: (system, rack, active) => system.handOver(rack, active),
    moves: true,
  },
  {
    name: 'preferred-return',
    what: 'the preferred box gets the floats back from its twin',
    prepare: (system, rack, active) => system.handOver(rack, active),
    inject: (system, rack) => system.comeBack(rack),
    moves: true,
    slower:
      'keepalived’s preferred box takes the floats before the other has let go (two owners), Tandem’s owner drops them first',
  },
  {
    name: 'lan-down',
    what: 'the private NIC of the active box loses its carrier',
    inject: (_, rack, active) => rack.box(active).nic('private', false),
    moves: true,
  },
  {
    name: 'pair-killed',
    what: 'SIGKILL to Tandem’s lane, or to every process of keepalived, on the active box',
    inject: (system, rack, active) => system.kill(rack, active),
    moves: true,
    slower:
      'a killed keepalived leaves floats and table in the kernel, so both boxes serve (two owners) until somebody mends it; ' +
      'Tandem’s floats are dropped at once and taken by the twin',
  },
  {
    name: 'power-cut',
    what: 'the active box loses its power',
    inject: (_, rack, active) => rack.box(active).cut(),
    moves: true,
    slower:
      'each standby waits for its deadline: Tandem’s, above, is as long as what runs beside it on this machine’s processors asks for, ' +
      'and keepalived’s three advertisements',
  },
];
