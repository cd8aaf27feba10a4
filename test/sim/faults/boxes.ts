import { SIDES } from '../../../src/model/pair.ts';
import { anyBox, endLane, type Fault, nothing } from './fault.ts';

const DAY = 86_400_000;

/** What befalls a box as a whole: its power, its processes, its processor, its disk, its clock. */
export const BOX_FAULTS: readonly Fault[] = [
  {
    name: 'power cut',
    lasts: [500, 4000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.cut();
      return () => box.plug();
    },
  },
  {
    name: 'power of both cut',
    lasts: [500, 3000],
    strike({ boxes }) {
      boxes.a.cut();
      boxes.b.cut();
      return () => {
        boxes.a.plug();
        boxes.b.plug();
      };
    },
  },
  {
    name: 'reboot',
    lasts: [200, 2500],
    strike(world, dice) {
      const box = anyBox(world, dice);
      endLane(world, box);
      world.schedule.after(dice.between(20, 190), () => box.cut());
      return () => box.plug();
    },
  },
  {
    name: 'lane killed',
    lasts: [1, 1],
    strike(world, dice) {
      anyBox(world, dice).killLane('killed');
      return nothing;
    },
  },
  {
    name: 'lane stopped',
    lasts: [20, 3000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.hangLane();
      return () => box.wakeLane();
    },
  },
  {
    name: 'user space stalled',
    lasts: [20, 6000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.stall();
      return () => box.unstall();
    },
  },
  {
    name: 'box frozen, clock too',
    lasts: [20, 5000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.freeze(true);
      return () => box.thaw();
    },
  },
  {
    name: 'box frozen, clock runs',
    lasts: [20, 5000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.freeze(false);
      return () => box.thaw();
    },
  },
  {
    name: 'CPU hog',
    lasts: [200, 3000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.lateness = dice.between(10, 80);
      if (dice.chance(0.5)) box.starve(true);
      return () => {
        box.lateness = 1;
        box.starve(false);
      };
    },
  },
  {
    name: 'disk slow or full',
    lasts: [500, 5000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      if (dice.chance(0.3)) box.disk.full = true;
      else box.disk.slow = 400;
      return () => {
        box.disk.full = false;
        box.disk.slow = 20;
      };
    },
  },
  {
    name: 'wall clock stepped',
    lasts: [1, 1],
    strike(world, dice) {
      const box = anyBox(world, dice);
      const step = dice.pick([-DAY, -3_600_000, -1000, 1000, 3_600_000, DAY]);
      box.log(`its wall clock steps by ${step / 1000} s`);
      box.wallStep += step;
      return nothing;
    },
  },
  {
    name: 'kernel not ready',
    lasts: [100, 8000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.ready = false;
      box.sayReady();
      return () => {
        box.ready = true;
        box.sayReady();
      };
    },
  },
  {
    name: 'controller dead or hung',
    lasts: [100, 6000],
    strike(world, dice) {
      const box = anyBox(world, dice);
      box.controllerAlive = false;
      return () => {
        box.controllerAlive = true;
      };
    },
  },
  {
    name: 'float deleted by hand',
    lasts: [1, 1],
    strike(world, dice, invariants) {
      const box = anyBox(world, dice);
      if (!box.powered || box.frozen) return nothing;
      invariants.excuseSplit(box);
      const sides = dice.chance(0.3) ? SIDES : [dice.pick(SIDES)];
      for (const side of sides) box.kernel.remove(side);
      return nothing;
    },
  },
];
