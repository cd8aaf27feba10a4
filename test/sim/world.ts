import type { Lane } from '../../src/model/lane.ts';
import type { LinkId, NodeId, Side } from '../../src/model/pair.ts';
import { USUAL_BEAT } from '../../src/model/usualBeat.ts';
import { Box, type Surroundings } from './box.ts';
import { createLan, type Lan } from './lan.ts';
import { createDice, type Dice } from './random.ts';
import type { Sabotage } from './sabotage.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { createLanWire, createSerialWire, type Wire } from './wire.ts';

/** Of the heartbeat, ms. */
export type Timing = Surroundings['timing'];

export interface WorldOptions {
  readonly seed: number;
  readonly links?: readonly LinkId[];
  /** The usual one unless told. */
  readonly timing?: Timing | undefined;
  /** Of the pair's document; none unless told. */
  readonly preference?: Lane['preference'];
  readonly sabotage?: Sabotage | undefined;
  /** Called with each line of the trace as it is written. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Called once with the world as it begins. */
  readonly onWorld?: ((world: World) => void) | undefined;
}

/** Two boxes, two LANs, the wires between, and what was said about them. */
export interface World {
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly boxes: Readonly<Record<NodeId, Box>>;
  readonly lans: Readonly<Record<Side, Lan>>;
  /** By direction: from a to b, from b to a. */
  readonly wires: Readonly<Record<NodeId, readonly Wire[]>>;
  readonly links: readonly LinkId[];
  /** The last lines of the trace. */
  readonly lines: string[];
  readonly log: (who: string, line: string) => void;
  /** Moves of the floats to a box so far. */
  moves: number;
  /** Faults and mends so far. */
  disturbances: number;
}

const LINK_SETS: readonly (readonly LinkId[])[] = [
  ['serial', 'private', 'public'],
  ['serial', 'private', 'public'],
  ['serial'],
  ['serial', 'private'],
  ['private', 'public'],
];

/** The cable between two heartbeat NICs: only the wire itself can be cut. */
const CROSSED = { connected: () => true, delay: () => 0.2 };

const KEPT_LINES = 60;

export function createWorld(options: WorldOptions): World {
  const dice = createDice(options.seed);
  const schedule = createSchedule();
  const lines: string[] = [];
  let both: readonly Box[] = [];
  const stations = (): readonly Box[] => both;
  const lans = {
    public: createLan(schedule, dice.fork(), 'public', stations, ['198.51.100.1']),
    private: createLan(schedule, dice.fork(), 'private', stations, ['192.0.2.11', '192.0.2.12']),
  };
  const links = options.links ?? dice.pick(LINK_SETS);
  // No dice: a seed stays what it was.
  const looked = options.seed % 4 < 2;
  const oneWay = (): Wire[] =>
    links.map((id) =>
      id === 'serial'
        ? createSerialWire(schedule, dice.fork(), looked)
        : createLanWire(schedule, dice.fork(), id, id === 'heartbeat' ? CROSSED : lans[id]),
    );
  const wires = { a: oneWay(), b: oneWay() };
  const log = (who: string, line: string): void => {
    const text = `${schedule.now().toFixed(1).padStart(9)} ${who} ${line}`;
    if (line.startsWith('standby -> active')) world.moves += 1;
    options.onLine?.(text);
    lines.push(text);
    if (lines.length > KEPT_LINES) lines.shift();
  };
  const around = (from: NodeId, to: NodeId): Surroundings => ({
    schedule,
    lans,
    wires: wires[from].map((out, index) => ({ out, in: wires[to][index]! })),
    timing: options.timing ?? USUAL_BEAT,
    preference: options.preference,
    sabotage: options.sabotage,
    log,
  });
  const world: World = {
    schedule,
    dice,
    boxes: { a: new Box('a', around('a', 'b'), dice.fork()), b: new Box('b', around('b', 'a'), dice.fork()) },
    lans,
    wires,
    links,
    lines,
    log,
    moves: 0,
    disturbances: 0,
  };
  both = [world.boxes.a, world.boxes.b];
  options.onWorld?.(world);
  return world;
}

/** Both floats answer at this box. */
export const serves = (box: Box): boolean => box.answers('public') && box.answers('private');

/** A wire carries something: not cut, and its LAN in one piece. */
export function carries(world: World, wire: Wire): boolean {
  return (
    !wire.ailment.cut &&
    wire.ailment.loss < 1 &&
    (wire.id === 'serial' || wire.id === 'heartbeat' || world.lans[wire.id].connected())
  );
}

/** Nothing at all is wrong with a wire, nor with what is on it still. */
export function clean(world: World, wire: Wire): boolean {
  return (
    carries(world, wire) &&
    !wire.behind() &&
    wire.ailment.loss === 0 &&
    wire.ailment.noise === 0 &&
    wire.ailment.delay === 0
  );
}
