import { connect, type Socket } from 'node:net';
import { type NodeId, peerOf } from '../../../src/model/pair.ts';
import { seeded } from '../cable/chance.ts';
import { Line } from '../cable/line.ts';
import { betweenFrames, Tape } from '../cable/tape.ts';
import { hurry, now } from '../drill/program.ts';
import { answer, options } from './answers.ts';

/**
 * The null-modem cable as a process of its own, so that nothing else the rack does delays a byte. Each end is the Unix
 * socket behind a box's ttyS1.
 */
export interface CableOptions {
  readonly baud: number;
}

/** What waits in front of the wire, as in a Linux tty's own buffer; beyond it the sender is made to wait. */
const CAPACITY = 4096;
/**
 * Longest time, ms, that a byte waits at the far end for those right behind it. What comes in one piece ends when its last
 * bit does, as on a real wire; but an emulated UART interrupts for each delivery, and a delivery every millisecond costs
 * the guest more than the heartbeat itself. Longer than one heartbeat is on the wire.
 */
const GATHER = 8;
/** Recorded frames that are said after each living one: the wire has time for them. */
const REPLAYED = 3;

class Direction {
  readonly line: Line;
  readonly tape = new Tape();
  /** When the first byte came since the sender has power, CLOCK_MONOTONIC in ms. */
  firstAt: number | undefined;
  from: Socket | undefined;
  to: Socket | undefined;
  /** A frozen or booting guest empties no UART: bytes for it are overrun, not kept. */
  deaf = false;
  overrun = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Read from the sender but beyond the line's capacity; the sender is paused while there are any. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(baud: number) {
    this.line = new Line(baud, CAPACITY);
  }

  /** What the box at this end says. */
  hear(bytes: Uint8Array): void {
    this.firstAt ??= now();
    this.tape.hear(bytes);
    this.send(bytes);
    if (!betweenFrames(bytes) || this.#rest.length > 0) return;
    for (let i = 0; i < REPLAYED && this.line.room > CAPACITY / 2; i++) {
      const frame = this.tape.next();
      if (frame !== undefined) this.send(frame);
    }
  }

  send(bytes: Uint8Array): void {
    const taken = this.line.push(bytes, performance.now());
    if (taken < bytes.length) {
      this.#rest = Buffer.concat([this.#rest, bytes.subarray(taken)]);
      this.from?.pause();
    }
    this.#schedule();
  }

  #schedule(): void {
    const done = this.line.doneAt();
    if (this.#timer !== undefined || done === undefined) return;
    const wait = Math.min(GATHER, Math.max(0, done - performance.now()));
    this.#timer = setTimeout(() => this.#deliver(), wait);
  }

  #deliver(): void {
    this.#timer = undefined;
    const bytes = this.line.due(performance.now());
    if (bytes.length > 0) this.#receive(bytes);
    if (this.#rest.length > 0 && this.line.room > 0) {
      const rest = this.#rest;
      this.#rest = new Uint8Array(0);
      this.send(rest);
      if (this.#rest.length === 0) this.from?.resume();
    }
    this.#schedule();
  }

  #receive(bytes: Uint8Array): void {
    // What the emulator has not taken is a UART overrun; keeping it would deliver news of the past.
    if (this.to === undefined || this.deaf || this.to.writableLength > 0) this.overrun += bytes.length;
    else this.to.write(bytes);
  }
}

const { baud } = options<CableOptions>();
const scheduling = hurry();
/** By sender. */
const directions: Readonly<Record<NodeId, Direction>> = { a: new Direction(baud), b: new Direction(baud) };
const ends: Partial<Record<NodeId, Socket>> = {};

function attach(node: NodeId, path: string): Promise<void> {
  detach(node);
  const socket = connect(path);
  const out = directions[node];
  const back = directions[peerOf(node)];
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      ends[node] = socket;
      out.from = socket;
      out.firstAt = undefined;
      back.to = socket;
      socket.on('data', (bytes) => out.hear(bytes));
      socket.once('close', () => {
        if (ends[node] === socket) detach(node);
      });
      resolve();
    });
  });
}

function detach(node: NodeId): void {
  ends[node]?.destroy();
  delete ends[node];
  directions[node].from = undefined;
  directions[peerOf(node)].to = undefined;
}

type From = { readonly from: NodeId | undefined };
const chosen = ({ from }: From): Direction[] =>
  from === undefined ? [directions.a, directions.b] : [directions[from]];

const inBoth = <T>(of: (direction: Direction) => T): Readonly<Record<NodeId, T>> => ({
  a: of(directions.a),
  b: of(directions.b),
});

answer({
  attach: (request) => attach(request.node as NodeId, request.path as string),
  detach: (request) => detach(request.node as NodeId),
  deaf: (request) => {
    directions[peerOf(request.node as NodeId)].deaf = request.deaf as boolean;
  },
  pull: (request) => {
    for (const direction of chosen(request as unknown as From)) direction.line.pull(true);
  },
  plug: () => {
    for (const direction of chosen({ from: undefined })) {
      direction.line.pull(false);
      direction.line.noise(0, () => 1);
    }
  },
  noise: (request) => {
    for (const direction of chosen(request as unknown as From)) {
      direction.line.noise(request.rate as number, seeded(request.seed as number));
    }
  },
  record: () => void inBoth(({ tape }) => tape.record()),
  recorded: () => inBoth(({ tape }) => tape.stop()),
  play: () => void inBoth(({ tape }) => tape.play()),
  playing: () => directions.a.tape.playing || directions.b.tape.playing,
  report: () => ({
    scheduling,
    ...inBoth(({ line, overrun, firstAt }) => ({ ...line.carried, overrun, firstAt: firstAt ?? null })),
  }),
});
