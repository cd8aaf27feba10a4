import { MAX_FRAME } from '../../src/codec/beatFrame.ts';
import { createCobsDecoder, encodeCobs } from '../../src/codec/cobs.ts';
import type { LinkId } from '../../src/model/pair.ts';
import type { PeerLink } from '../../src/ports/peer.ts';
import type { Lan } from './lan.ts';
import type { Dice } from './random.ts';
import type { Schedule } from './schedule.ts';

/** What ails one direction of one link. */
export interface Ailment {
  cut: boolean;
  /** Share of frames lost, doubled, and (serial only) met by noise. */
  loss: number;
  doubled: number;
  noise: number;
  /** Longest time a frame is held up, ms; datagrams overtake each other, bytes on a line do not. */
  delay: number;
}

export const healthy = (): Ailment => ({ cut: false, loss: 0, doubled: 0, noise: 0, delay: 0 });

/** How long one frame is held up, ms. */
const held = ({ delay }: Ailment, dice: Dice): number => (delay > 0 ? dice.between(0, delay) : 0);

/** Frames kept for a replay, oldest dropped first. */
const TAPE = 3000;

/** One direction of one link, with a recorder on it. */
export interface Wire {
  readonly id: LinkId;
  readonly ailment: Ailment;
  readonly tape: Uint8Array[];
  /** What comes out of it lies there until the lane looks; otherwise as if each look were made at the very moment. */
  readonly looked: boolean;
  /** A process of the sending box opens its end. */
  open(): { send(frame: Uint8Array): void };
  /** Puts recorded bytes on the wire. */
  inject(frame: Uint8Array): void;
  /** Bytes that an ailment has held up are still on their way, and with them what was sent behind them. */
  readonly behind: () => boolean;
  /** Bytes or a datagram arrive at the other box. */
  deliver: (bytes: Uint8Array) => void;
}

const MS_PER_BYTE = 10_000 / 115_200;
const TTY_BUFFER = 4096;

export function createSerialWire(schedule: Schedule, dice: Dice, looked: boolean): Wire {
  const { ailment, tape } = { ailment: healthy(), tape: [] as Uint8Array[] };
  const arrive = (bytes: Uint8Array): void => {
    if (ailment.cut || dice.chance(ailment.loss)) return;
    wire.deliver(dice.chance(ailment.noise) ? noisy(bytes, dice) : bytes);
  };
  let heldUntil = 0;
  const wire: Wire = {
    id: 'serial',
    ailment,
    tape,
    looked,
    behind: () => schedule.now() < heldUntil,
    deliver: () => {},
    inject: (frame) => arrive(encodeCobs(frame)),
    open() {
      let busyUntil = 0;
      let arrivesAt = 0;
      return {
        send(frame) {
          // The terminal's buffer queues what the line has not carried yet.
          if (busyUntil - schedule.now() > TTY_BUFFER * MS_PER_BYTE) return;
          record(tape, frame);
          const bytes = encodeCobs(frame);
          busyUntil = Math.max(busyUntil, schedule.now()) + bytes.length * MS_PER_BYTE;
          const natural = busyUntil + dice.between(0, 1);
          arrivesAt = Math.max(arrivesAt, natural + held(ailment, dice));
          if (arrivesAt > natural && ailment.delay > 0) heldUntil = arrivesAt;
          schedule.at(arrivesAt, () => arrive(bytes));
        },
      };
    },
  };
  return wire;
}

export function createLanWire(schedule: Schedule, dice: Dice, id: LinkId, lan: Pick<Lan, 'connected' | 'delay'>): Wire {
  const { ailment, tape } = { ailment: healthy(), tape: [] as Uint8Array[] };
  const travel = (frame: Uint8Array): void => {
    if (ailment.cut || dice.chance(ailment.loss)) return;
    schedule.after(lan.delay() + held(ailment, dice), () => {
      if (lan.connected() && !ailment.cut) wire.deliver(frame);
    });
  };
  const wire: Wire = {
    id,
    ailment,
    tape,
    looked: false,
    // Datagrams overtake.
    behind: () => false,
    deliver: () => {},
    inject: travel,
    open: () => ({
      send(frame) {
        record(tape, frame);
        travel(frame);
        if (dice.chance(ailment.doubled)) travel(frame);
      },
    }),
  };
  return wire;
}

/** The receiving end as a process sees it, and its own way out. */
export function openPeerLink(
  outgoing: Wire,
  incoming: Wire,
  enter: (run: () => void) => void,
  mine: () => boolean,
): PeerLink {
  const sender = outgoing.open();
  const decoder = createCobsDecoder(MAX_FRAME);
  let receive: (frame: Uint8Array) => void = () => {};
  let closed = false;
  if (incoming.looked) return lookedAt();
  incoming.deliver = (bytes) => {
    if (!mine()) return;
    enter(() => {
      if (closed) return;
      if (incoming.id !== 'serial') receive(bytes);
      else for (const frame of decoder.push(bytes)) receive(frame);
    });
  };
  return {
    id: outgoing.id,
    send: (frame) => sender.send(frame),
    onFrame(to) {
      receive = to;
    },
    drops: () => ({}),
    close() {
      closed = true;
    },
  };

  /** What comes lies in the terminal's buffer until somebody looks, and is lost when that is full. */
  function lookedAt(): PeerLink {
    let buffer: Uint8Array[] = [];
    incoming.deliver = (bytes) => {
      const held = buffer.reduce((sum, { length }) => sum + length, 0);
      if (mine() && !closed && held + bytes.length <= TTY_BUFFER) buffer.push(bytes);
    };
    return {
      id: outgoing.id,
      send: (frame) => sender.send(frame),
      onFrame(to) {
        receive = to;
      },
      look() {
        const came = buffer;
        buffer = [];
        if (!closed) for (const bytes of came) for (const frame of decoder.push(bytes)) receive(frame);
      },
      drops: () => ({}),
      close() {
        closed = true;
      },
    };
  }
}

function record(tape: Uint8Array[], frame: Uint8Array): void {
  tape.push(frame);
  if (tape.length > TAPE) tape.shift();
}

/** Line noise: bytes changed, lost and made up. */
function noisy(bytes: Uint8Array, dice: Dice): Uint8Array {
  const out: number[] = [];
  for (const byte of bytes) {
    const kind = dice.whole(0, 60);
    if (kind === 0) out.push(dice.whole(0, 255));
    else if (kind === 1) out.push(byte, dice.whole(0, 255));
    else if (kind !== 2) out.push(byte);
  }
  return Uint8Array.from(out);
}
