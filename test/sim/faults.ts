import { type NodeId, peerOf, SIDES } from '../../src/model/pair.ts';
import type { Box } from './box.ts';
import type { Invariants } from './invariants.ts';
import { healthy } from './wire.ts';
import type { World } from './world.ts';

export interface Fault {
  readonly name: string;
  /** How long it lasts, ms. */
  readonly lasts: readonly [number, number];
  /** Brings it about; returns what mends it. */
  readonly strike: (world: World, invariants: Invariants) => () => void;
}

const nothing = (): void => {};

/** The active box more often than not: that is where a fault is felt. */
function anyBox(world: World): Box {
  const { dice, boxes } = world;
  const owner = [boxes.a, boxes.b].find((box) => box.runner?.state().role === 'active');
  return owner !== undefined && dice.chance(0.65) ? owner : boxes[dice.pick(['a', 'b'] as const)];
}

/** Ails the wires of one direction or both, all links or one. */
function ail(world: World, change: (wire: World['wires']['a'][number]) => void, all: boolean): () => void {
  const { dice } = world;
  const one = dice.pick(world.links);
  const directions = dice.chance(0.3) ? [dice.pick(['a', 'b'] as const)] : (['a', 'b'] as const);
  const ailing = directions.flatMap((from: NodeId) => world.wires[from].filter((wire) => all || wire.id === one));
  world.log('-', `  on ${ailing.map((wire) => wire.id).join(', ')} from ${directions.join(' and ')}`);
  for (const wire of ailing) change(wire);
  return () => {
    for (const wire of ailing) Object.assign(wire.ailment, healthy());
  };
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'power cut',
    lasts: [500, 4000],
    strike(world) {
      const box = anyBox(world);
      box.cut();
      return () => box.plug();
    },
  },
  {
    name: 'lane killed',
    lasts: [1, 1],
    strike(world) {
      anyBox(world).killLane('killed');
      return nothing;
    },
  },
  {
    name: 'lane stopped',
    lasts: [20, 3000],
    strike(world) {
      const box = anyBox(world);
      box.hangLane();
      return () => box.wakeLane();
    },
  },
  {
    name: 'box frozen, clock too',
    lasts: [20, 5000],
    strike(world) {
      const box = anyBox(world);
      box.freeze(true);
      return () => box.thaw();
    },
  },
  {
    name: 'box frozen, clock runs',
    lasts: [20, 5000],
    strike(world) {
      const box = anyBox(world);
      box.freeze(false);
      return () => box.thaw();
    },
  },
  {
    name: 'NIC down',
    lasts: [30, 4000],
    strike(world) {
      const box = anyBox(world);
      const sides = world.dice.chance(0.2) ? SIDES : [world.dice.pick(SIDES)];
      world.log('-', `  ${box.name}: ${sides.join(', ')}`);
      for (const side of sides) box.kernel.setCarrier(side, false);
      return () => {
        for (const side of SIDES) box.kernel.setCarrier(side, true);
      };
    },
  },
  {
    name: 'LAN partitioned',
    lasts: [30, 4000],
    strike(world) {
      const sides = world.dice.chance(0.5) ? SIDES : [world.dice.pick(SIDES)];
      for (const side of sides) world.lans[side].partitioned = true;
      return () => {
        for (const side of SIDES) world.lans[side].partitioned = false;
      };
    },
  },
  {
    name: 'link cut',
    lasts: [30, 4000],
    strike: (world) =>
      ail(
        world,
        (wire) => {
          wire.ailment.cut = true;
        },
        false,
      ),
  },
  {
    name: 'all links cut',
    lasts: [30, 5000],
    strike: (world) =>
      ail(
        world,
        (wire) => {
          wire.ailment.cut = true;
        },
        true,
      ),
  },
  {
    name: 'loss and noise',
    lasts: [200, 5000],
    strike(world) {
      const { dice } = world;
      const [loss, noise, doubled] = [dice.between(0, 0.6), dice.between(0, 0.8), dice.between(0, 0.3)];
      return ail(world, (wire) => Object.assign(wire.ailment, { loss, noise, doubled }), dice.chance(0.6));
    },
  },
  {
    name: 'hand-over asked for',
    lasts: [1, 1],
    strike(world) {
      const box = anyBox(world);
      box.process?.input(() => {
        box.runner?.handOver('operator').then(nothing, nothing);
      });
      return nothing;
    },
  },
  {
    name: 'lane asked to end',
    lasts: [1, 1],
    strike(world) {
      const box = anyBox(world);
      const { process } = box;
      process?.input(() => box.runner?.shutdown());
      world.schedule.after(1500, () => {
        if (process !== undefined && box.process === process) box.killLane('did not end');
      });
      return nothing;
    },
  },
  {
    name: 'kernel not ready',
    lasts: [100, 8000],
    strike(world) {
      const box = anyBox(world);
      box.ready = false;
      box.sayReady();
      return () => {
        box.ready = true;
        box.sayReady();
      };
    },
  },
  {
    name: 'controller dead',
    lasts: [100, 6000],
    strike(world) {
      const box = anyBox(world);
      box.controllerAlive = false;
      return () => {
        box.controllerAlive = true;
      };
    },
  },
  {
    name: 'disk slow or full',
    lasts: [500, 5000],
    strike(world) {
      const box = anyBox(world);
      if (world.dice.chance(0.3)) box.disk.full = true;
      else box.disk.slow = 400;
      return () => {
        box.disk.full = false;
        box.disk.slow = 20;
      };
    },
  },
  {
    name: 'CPU hog',
    lasts: [200, 3000],
    strike(world) {
      const box = anyBox(world);
      box.lateness = world.dice.between(10, 80);
      if (world.dice.chance(0.5)) box.starve(true);
      return () => {
        box.lateness = 1;
        box.starve(false);
      };
    },
  },
  {
    name: 'float deleted by hand',
    lasts: [1, 1],
    strike(world, invariants) {
      const box = anyBox(world);
      if (!box.powered || box.frozen) return nothing;
      invariants.excuseSplit(box);
      const sides = world.dice.chance(0.3) ? SIDES : [world.dice.pick(SIDES)];
      for (const side of sides) box.kernel.remove(side);
      return nothing;
    },
  },
  {
    name: 'frames recorded and replayed',
    lasts: [300, 6000],
    strike(world) {
      const { dice, schedule } = world;
      const box = anyBox(world);
      const wires = world.wires[box.name];
      let playing = true;
      let at = dice.whole(0, 500);
      const play = (): void => {
        if (!playing) return;
        const { tape } = dice.pick(wires);
        const frame = tape[dice.chance(0.5) ? at : dice.whole(0, Math.max(0, tape.length - 1))];
        at += 1;
        if (frame !== undefined) dice.pick(wires).inject(frame);
        schedule.after(dice.between(2, 12), play);
      };
      world.log('-', `  what ${box.name} said, to ${peerOf(box.name)}`);
      // The recording is to pass for a box that is gone.
      const gone = dice.chance(0.5);
      if (gone) box.cut();
      play();
      return () => {
        playing = false;
        if (gone) box.plug();
      };
    },
  },
];
