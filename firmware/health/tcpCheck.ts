import type { QuestionOf } from '../../src/model/check.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { ProbeAnswer } from '../../src/ports/health.ts';
import { type ConnectQueue, openConnectQueue } from '../libc/connectQueue.ts';
import { errnoName, errnoText } from '../libc/errno.ts';
import { errno } from '../libc/libc.ts';
import { type Probe, silence } from './attempt.ts';
import { beginConnect, endConnect, failureOf } from './connecting.ts';
import { answerOf } from './words.ts';

/** Answers are looked for so often while a question is under way. */
const LOOK_MS = 3;

interface Handshake {
  readonly number: number;
  readonly fd: number;
  readonly begun: number;
  readonly timeout: number;
  readonly done: (answer: ProbeAnswer) => void;
}

/**
 * A server is there when it completes the handshake. The connection is closed by reset: hundreds of checks a second would
 * otherwise leave as many local ports in TIME_WAIT. A question is some system calls and no socket of the runtime's, and one
 * look every few ms finds all answers and ends what is over its time: of 10,000 servers 2,000 are asked a second.
 */
export function createTcpProbe(): { readonly probe: Probe<QuestionOf<'tcp'>>; readonly close: Close } {
  const under = new Map<number, Handshake>();
  /** By timeout: of those with one timeout the first begun is the first over. */
  const queues = new Map<number, Set<Handshake>>();
  let queue: ConnectQueue | undefined;
  let timer: NodeJS.Timeout | undefined;
  let numbers = 0;

  function look(): void {
    timer = undefined;
    queue?.look((number, failed) => {
      const handshake = under.get(number);
      if (handshake !== undefined) answer(handshake, failed);
    });
    // What has come is read before silence is judged.
    for (const waiting of queues.values()) expire(waiting, performance.now());
    watch();
  }

  function watch(): void {
    if (under.size > 0) timer ??= setTimeout(look, LOOK_MS);
  }

  function answer(handshake: Handshake, failed: boolean): void {
    const error = failed ? failureOf(handshake.fd) : 0;
    const elapsed = Math.round(performance.now() - handshake.begun);
    end(handshake, error === 0);
    handshake.done(error === 0 ? { ok: true, reason: `connected in ${elapsed} ms` } : failure(error));
  }

  function expire(waiting: Set<Handshake>, now: number): void {
    for (const handshake of waiting) {
      const late = now - handshake.begun - handshake.timeout;
      if (late < 0) return;
      end(handshake, false);
      handshake.done(silence(late));
    }
  }

  function end(handshake: Handshake, reset: boolean): void {
    if (!under.delete(handshake.number)) return;
    const waiting = queues.get(handshake.timeout);
    waiting?.delete(handshake);
    if (waiting?.size === 0) queues.delete(handshake.timeout);
    endConnect(handshake.fd, reset);
  }

  function begin(number: number, target: Parameters<Probe>[0]): number {
    queue ??= openConnectQueue();
    return queue === undefined ? -errno() : beginConnect(queue, number, target);
  }

  const probe: Probe<QuestionOf<'tcp'>> = (target, done) => {
    const { timeout } = target;
    numbers = (numbers + 1) >>> 0;
    const begun = performance.now();
    const fd = begin(numbers, target);
    if (fd < 0) {
      done(failure(-fd));
      return () => {};
    }
    const handshake = { number: numbers, fd, begun, timeout, done };
    under.set(numbers, handshake);
    const waiting = queues.get(timeout);
    if (waiting === undefined) queues.set(timeout, new Set([handshake]));
    else waiting.add(handshake);
    watch();
    return () => end(handshake, false);
  };

  return {
    probe,
    close() {
      clearTimeout(timer);
      timer = undefined;
      for (const handshake of under.values()) end(handshake, false);
      queue?.close();
      queue = undefined;
    },
  };
}

const failure = (number: number): ProbeAnswer => answerOf({ code: errnoName(number), message: errnoText(number) });
