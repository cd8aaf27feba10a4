import { type NodeId, SIDES } from '../../../src/model/pair.ts';
import type { Dice } from '../random.ts';
import { healthy, type Wire } from '../wire.ts';
import type { World } from '../world.ts';
import { anyBox, type Fault } from './fault.ts';

/** Ails the wires of one direction or both, all links or one. */
function ail(world: World, dice: Dice, change: (wire: Wire) => void, all: boolean): () => void {
  const one = dice.pick(world.links);
  const directions = dice.chance(0.3) ? [dice.pick(['a', 'b'] as const)] : (['a', 'b'] as const);
  const ailing = directions.flatMap((from: NodeId) => world.wires[from].filter((wire) => all || wire.id === one));
  world.log('-', `  on ${ailing.map((wire) => wire.id).join(', ')} from ${directions.join(' and ')}`);
  for (const wire of ailing) change(wire);
  return () => {
    for (const wire of ailing) Object.assign(wire.ailment, healthy());
  };
}

const cut = (wire: Wire): void => {
  wire.ailment.cut = true;
};

/** What befalls cables: the LANs' and the heartbeat links'. */
export const WIRE_FAULTS: readonly Fault[] = [
  {
    name: 'NIC down',
    lasts: [30, 4000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      const sides = dice.chance(0.2) ? SIDES : [dice.pick(SIDES)];
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
    strike(world, dice) {
      const sides = dice.chance(0.5) ? SIDES : [dice.pick(SIDES)];
      for (const side of sides) world.lans[side].partitioned = true;
      return () => {
        for (const side of SIDES) world.lans[side].partitioned = false;
      };
    },
  },
  {
    name: 'link cut',
    lasts: [30, 4000],
    strike: (world, dice) => ail(world, dice, cut, false),
  },
  {
    name: 'all links cut',
    lasts: [30, 5000],
    strike: (world, dice) => ail(world, dice, cut, true),
  },
  {
    name: 'loss and noise',
    lasts: [200, 5000],
    strike(world, dice) {
      const [loss, noise, doubled] = [dice.between(0, 0.6), dice.between(0, 0.8), dice.between(0, 0.3)];
      return ail(world, dice, (wire) => Object.assign(wire.ailment, { loss, noise, doubled }), dice.chance(0.6));
    },
  },
  {
    name: 'delay',
    lasts: [200, 4000],
    strike(world, dice) {
      const delay = dice.between(5, 250);
      world.log('-', `  of up to ${delay.toFixed(0)} ms`);
      return ail(world, dice, (wire) => Object.assign(wire.ailment, { delay }), dice.chance(0.6));
    },
  },
];
