import type { Server, TLSSocket } from 'node:tls';
import { TandemError } from '../../model/error.ts';
import { peerOf } from '../../model/pair.ts';
import type { Cancel, Clock, Random } from '../../ports/clock.ts';
import type { ChannelKey, TwinChannel, TwinEars, TwinPlace } from '../../ports/twin.ts';
import { afterReading } from '../patience.ts';
import { createSession, type Session } from './session.ts';
import { channelClient, channelServer, HANDSHAKE_MS } from './tls.ts';

/**
 * Between two tries, ms: doubled after each that failed, and cut by chance to between half and the whole. While the twin's
 * lane beats its controller cannot be far: until both have spoken, each may hold a document that the other does not know.
 */
export const RETRY_MS = { first: 250, mostHeard: 1000, most: 10_000 } as const;
/** Between two lines of the journal about strangers, ms. */
const TELL_MS = 60_000;

export interface ChannelPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Those of the key file now, the signing one first. @throws TandemError `bad-node-file`. */
  keys(): readonly ChannelKey[];
  /** A bound TCP socket for `listen`. @throws TandemError `io`. */
  openSocket(place: { device: string; address: string; port: number }): number;
  log(text: string): void;
}

/**
 * The channel between the two controllers: router `a` listens, `b` connects, one connection at a time. A newer connection
 * takes the place of the one before it, which may be half open. Strangers are refused by the handshake and counted.
 */
export function createChannel({
  clock,
  random,
  keys,
  openSocket,
  log,
}: ChannelPorts): TwinChannel & { refused(): number } {
  let ears: TwinEars | undefined;
  let place: TwinPlace | undefined;
  let session: { readonly it: Session; isOpen(): boolean } | undefined;
  let server: Server | undefined;
  let dialing: TLSSocket | undefined;
  let retry: Cancel | undefined;
  let failures = 0;
  let beats = false;
  let refused = 0;
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let lastReason = '';

  function stranger(reason: string): void {
    refused += 1;
    untold += 1;
    if (clock.now() - toldAt < TELL_MS) return;
    toldAt = clock.now();
    log(`the channel to the twin refused ${untold} of ${refused} connections, the last for ${reason}`);
    untold = 0;
  }

  function say(reason: string): void {
    if (reason !== lastReason) log(`no channel to the twin: ${reason}`);
    lastReason = reason;
  }

  function later(): void {
    retry?.();
    if (place === undefined) return;
    const most = beats ? RETRY_MS.mostHeard : RETRY_MS.most;
    const wait = Math.min(most, RETRY_MS.first * 2 ** Math.min(failures, 10));
    failures += 1;
    const chance = (random.bytes(1)[0] ?? 0) / 255;
    retry = clock.at(clock.now() + wait * (0.5 + chance / 2), again);
  }

  function greet(socket: TLSSocket, at: TwinPlace): void {
    session?.it.end('a newer connection takes its place');
    let open = false;
    let ended = false;
    const it = createSession(socket, at.node, clock, {
      opened() {
        open = true;
        failures = 0;
        lastReason = '';
        log(`the channel to ${peerOf(at.node)} is open`);
        ears?.opened();
      },
      heard: (message) => ears?.heard(message),
      asked: (question) =>
        ears === undefined ? Promise.reject(new TandemError('refused', 'not ready')) : ears.asked(question),
      ended(reason) {
        ended = true;
        if (session !== undefined && session.it === it) session = undefined;
        say(reason);
        if (open) ears?.closed();
        if (at.node === 'b' && place === at) later();
      },
    });
    if (!ended) session = { it, isOpen: () => open };
  }

  function dial(at: TwinPlace): void {
    const [key] = keys();
    if (key === undefined) return;
    const socket = channelClient(key, at);
    dialing = socket;
    const limit = afterReading(clock, HANDSHAKE_MS, () => socket.destroy(new Error('no answer')));
    const failed = (error: Error): void => say(error.message);
    const closed = (): void => {
      limit();
      dialing = undefined;
      if (place === at) later();
    };
    socket.on('error', failed);
    socket.on('close', closed);
    socket.once('secureConnect', () => {
      limit();
      socket.off('close', closed);
      dialing = undefined;
      greet(socket, at);
    });
  }

  function listen(at: TwinPlace): void {
    const fd = openSocket({ device: at.device, address: at.own, port: at.port });
    const made = channelServer(keys, at.twin, { connected: (socket) => greet(socket, at), refused: stranger });
    server = made;
    made.on('error', (error) => {
      say(error.message);
      made.close();
      if (server === made) server = undefined;
      later();
    });
    made.listen({ fd });
  }

  function again(): void {
    retry = undefined;
    stand();
  }

  function stand(): void {
    if (place === undefined) return;
    try {
      if (place.node === 'b') dial(place);
      else listen(place);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      later();
    }
  }

  /** Ends what stands; resolves when the port is free. */
  function leave(): Promise<void> {
    retry?.();
    retry = undefined;
    dialing?.destroy();
    session?.it.end('this box moves or ends');
    const old = server;
    server = undefined;
    return old === undefined ? Promise.resolve() : new Promise((done) => old.close(() => done()));
  }

  let moving: Promise<void> = Promise.resolve();
  return {
    attach: (given) => {
      ears = given;
    },
    follow(next) {
      if (JSON.stringify(next) === JSON.stringify(place)) return;
      place = next;
      failures = 0;
      const mine = moving.then(leave).then(() => {
        if (place === next) stand();
      });
      moving = mine;
    },
    twinHeard(heard) {
      const came = heard && !beats;
      beats = heard;
      if (!came) return;
      failures = 0;
      // What was sent to a box without power is sent again only after seconds.
      if (dialing?.connecting === true) dialing.destroy();
      if (retry === undefined) return;
      retry();
      again();
    },
    tell(message) {
      if (session?.isOpen() === true) session.it.tell(message);
    },
    ask: (question, timeoutMs) =>
      session?.isOpen() === true
        ? session.it.ask(question, timeoutMs)
        : Promise.reject(new TandemError('unreachable', 'there is no channel to the twin’s controller')),
    refused: () => refused,
    close() {
      place = undefined;
      return moving.then(leave);
    },
  };
}
