import type { NodeId } from '../../../src/model/pair.ts';
import type { SeedFile } from '../../build/data.ts';
import type { BoxPort, RackPort } from '../drill/rack-port.ts';

/** What a trial needs of two boxes, whatever they are made of. */
export interface TrialRack extends Pick<RackPort, 'spawnIn' | 'warm'> {
  /** Both boxes without power, with fresh disks that begin with these files, and booted from them. */
  reinstall(files: Readonly<Record<NodeId, readonly SeedFile[]>>): Promise<void>;
  box(id: NodeId): Pick<BoxPort, 'cut' | 'nic'>;
}

/** What the benchmark needs of the rack beyond the drills. */
export interface BenchRack extends RackPort, TrialRack {
  box(id: NodeId): BoxPort;
  /** Everything plugged, thawed, started and booted, whatever runs in the boxes. */
  mend(): Promise<void>;
}

/** What makes two boxes a pair, and how each fault is put to it. Every one prefers box a, and a serves before each fault. */
export interface System<R extends TrialRack = BenchRack> {
  readonly name: string;
  /** What both boxes' own disks begin with. */
  disks(): Promise<Readonly<Record<NodeId, readonly SeedFile[]>>>;
  /** From any state to the whole one: a serves, b could. @throws with what is not so when it does not come in time. */
  ready(rack: R): Promise<void>;
  /** How many of the `count` long-lived connections the standby knows; waits for all of them for a while. */
  synced(rack: R, standby: NodeId, count: number): Promise<number>;
  /** Resolves when both boxes keep up with the traffic. @throws when they do not. */
  calm(rack: R): Promise<void>;
  /** What an operator does to move the floats off the active box. */
  handOver(rack: R, active: NodeId): Promise<void>;
  /** SIGKILL to what beats and holds the floats there. */
  kill(rack: R, active: NodeId): Promise<void>;
  /** Lets box a, after a hand-over, have the floats again; how soon it gets them is the system's. */
  comeBack(rack: R): Promise<void>;
  /** Version and timing in a few words. Asked after its trials, when box b has power at least. */
  describe(rack: R): Promise<string>;
}
