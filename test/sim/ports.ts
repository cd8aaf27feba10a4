import type { Beat } from '../../src/codec/beat.ts';
import { type LinkId, SIDES, type Side } from '../../src/model/pair.ts';
import type { Address, Arp, Network } from '../../src/ports/network.ts';
import { createBeats } from '../../src/shell/lane/beats.ts';
import type { LanePorts } from '../../src/shell/lane/lane.ts';
import type { Box, Surroundings } from './box.ts';
import { processClock } from './clock.ts';
import { simSealer } from './mac.ts';
import type { Process } from './process.ts';
import type { Dice } from './random.ts';
import { openPeerLink } from './wire.ts';

/** Packets that wait in an ARP watch's socket. */
const QUEUED = 200;

/** Under the pair's own key. */
export const sealer = simSealer(0x5a);

/** The shipped lane's ports on a simulated box, for one life of its process. */
export function lanePorts(
  box: Box,
  process: Process,
  wires: Surroundings['wires'],
  around: Surroundings,
  dice: Dice,
): LanePorts {
  const { schedule, sabotage } = around;
  const input = (run: () => void): void => process.input(run);
  const mine = (): boolean => box.process === process;
  const { clock: own } = box;
  const told = sabotage?.wallClock === true ? { ...own, now: () => 1e9 + own.now() + box.wallStep } : own;
  const clock = processClock(
    schedule,
    told,
    () => box.wallStep,
    dice,
    () => (dice.chance(0.02) ? Math.max(15, box.lateness) : box.lateness),
    (run) => process.timer(run),
  );
  const terms = box.disk.open(input, () => process.state() !== 'dead');
  return {
    clock,
    network: network(box, around, dice, process, mine),
    arp: arp(box, around, input, mine, sabotage?.deaf === true),
    terms: sabotage?.terms?.(terms) ?? terms,
    records: {
      load: async () => [],
      async save(record) {
        box.records.set(record.id, record);
      },
    },
    holds: box.holds,
    openBeats(lane, onBeat) {
      const links = wires.map((wire) => openPeerLink(wire.out, wire.in, input, mine));
      const beats = sabotage?.beats?.(() => box.runner?.state(), onBeat) ?? onBeat;
      return createBeats(clock, sealer, links, (link: LinkId, beat: Beat) => beats(link, beat), lane);
    },
    writeRelease: () => {},
    guard(holding, deadline) {
      box.guarded = { holding, deadline };
    },
    log: (line) => box.log(line),
    fail: (reason) => box.killLane(reason),
    ended: () => box.killLane('ended'),
  };
}

function network(
  box: Box,
  { schedule, sabotage }: Surroundings,
  dice: Dice,
  process: Process,
  mine: () => boolean,
): Network {
  const { floats, nics } = box.lane;
  return {
    addresses: () =>
      SIDES.filter((side) => box.kernel.held[side]).map((side): Address => ({ ...floats[side], validSeconds: 2 })),
    links: () =>
      SIDES.map((side, index) => ({
        index: index + 2,
        device: nics[side].device,
        mac: box.mac,
        admin: true,
        carrier: box.kernel.carrier[side],
        mtu: 1500,
      })),
    routes: () => [],
    changeAddresses(steps) {
      if (!mine()) return;
      for (const { op, address } of steps) {
        const side = SIDES.find((each) => floats[each].address === address.address);
        if (side === undefined) continue;
        const change = (): void => {
          if (op === 'set') box.kernel.set(side);
          else if (sabotage?.keepsFloats !== true) box.kernel.remove(side);
        };
        if (sabotage?.oneByOne === true && side === 'public') schedule.after(1, change);
        else change();
      }
    },
    setUp: () => {},
    setRoute: () => {},
    watch(onChange) {
      box.kernel.onChange = (what) =>
        schedule.after(dice.between(0.05, 0.5), () => {
          if (mine()) process.notice(() => onChange(what));
        });
      return () => {};
    },
  };
}

function arp(
  box: Box,
  around: Surroundings,
  input: (run: () => void) => void,
  mine: () => boolean,
  deaf: boolean,
): Arp {
  const { floats } = box.lane;
  let came: (() => void)[] = [];
  const hear = (): void => {
    const told = came;
    came = [];
    if (mine()) for (const tell of told) tell();
  };
  const sideOf = (device: string): Side => (device === floats.public.device ? 'public' : 'private');
  return {
    probe(device) {
      around.lans[sideOf(device)].say(box, 'probe');
    },
    announce(device) {
      around.lans[sideOf(device)].say(box, 'claim');
    },
    ask(device, _address, neighbours) {
      for (const address of neighbours) around.lans[sideOf(device)].ask(box, address);
    },
    watchAnswers(device, _address, onAnswer) {
      box.answerEars[sideOf(device)] = (address) => box.ordinary(() => input(() => mine() && onAnswer(address)));
      return () => {};
    },
    watch(device, _address, onClaim, onRival) {
      const side = sideOf(device);
      box.ears[side] = ({ kind, mac }) => {
        const heard = { device, address: floats[side].address, mac };
        if (came.length < QUEUED) came.push(() => (kind === 'claim' ? onClaim(heard) : onRival?.(heard)));
        box.ordinary(() => input(hear));
      };
      return () => {};
    },
    hear: deaf ? () => {} : hear,
  };
}
