import { peerOf } from '../../../src/model/pair.ts';
import type { Dice } from '../random.ts';
import type { World } from '../world.ts';
import { anyBox, askHandOver, endLane, type Fault, nothing } from './fault.ts';
import { foreignFrame } from './frames.ts';

/** Goes on doing something every few ms until it is mended. */
function keepDoing(world: World, dice: Dice, act: () => void): () => void {
  let going = true;
  const again = (): void => {
    if (!going) return;
    act();
    world.schedule.after(dice.between(2, 12), again);
  };
  again();
  return () => {
    going = false;
  };
}

/** What people do: ask for things, record frames and play them back, plug in what does not belong there. */
export const PEOPLE: readonly Fault[] = [
  {
    name: 'hand-over asked for',
    lasts: [1, 1],
    strike(world, dice) {
      askHandOver(anyBox(world, dice));
      return nothing;
    },
  },
  {
    name: 'hand-over at a bad moment',
    lasts: [100, 3000],
    strike(world, dice) {
      const { boxes, schedule } = world;
      const owner = [boxes.a, boxes.b].find((box) => box.runner?.state().role === 'active') ?? boxes.a;
      askHandOver(owner);
      const victim = dice.chance(0.5) ? owner : boxes[peerOf(owner.name)];
      const mischief = dice.pick(['cut', 'kill', 'freeze', 'stop', 'carrier'] as const);
      const side = dice.pick(['public', 'private'] as const);
      // An undisturbed one takes about 20 ms.
      schedule.after(dice.between(0, 30), () => {
        world.log('-', `  and ${victim.name}: ${mischief}`);
        if (mischief === 'cut') victim.cut();
        if (mischief === 'kill') victim.killLane('killed');
        if (mischief === 'freeze') victim.freeze(dice.chance(0.5));
        if (mischief === 'stop') victim.hangLane();
        if (mischief === 'carrier') victim.kernel.setCarrier(side, false);
      });
      return () => {
        victim.plug();
        victim.thaw();
        victim.wakeLane();
        victim.kernel.setCarrier(side, true);
      };
    },
  },
  {
    name: 'lane asked to end',
    lasts: [1, 1],
    strike(world, dice) {
      endLane(world, anyBox(world, dice));
      return nothing;
    },
  },
  {
    name: 'frames recorded and replayed',
    lasts: [300, 6000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      const wires = world.wires[box.name];
      let at = dice.whole(0, 500);
      world.log('-', `  what ${box.name} said, to ${peerOf(box.name)}`);
      // The recording is to pass for a box that is gone.
      const gone = dice.chance(0.5);
      if (gone) box.cut();
      const end = keepDoing(world, dice, () => {
        const { tape } = dice.pick(wires);
        const frame = tape[dice.chance(0.5) ? at : dice.whole(0, Math.max(0, tape.length - 1))];
        at += 1;
        if (frame !== undefined) dice.pick(wires).inject(frame);
      });
      return () => {
        end();
        if (gone) box.plug();
      };
    },
  },
  {
    name: 'foreign frames',
    lasts: [300, 4000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      const wires = world.wires[box.name];
      world.log('-', `  to ${peerOf(box.name)}`);
      return keepDoing(world, dice, () => dice.pick(wires).inject(foreignFrame(box, dice)));
    },
  },
];
