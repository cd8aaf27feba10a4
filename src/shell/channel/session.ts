import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { type ErrorCode, TandemError } from '../../model/error.ts';
import type { NodeId } from '../../model/pair.ts';
import { MAX_FRAME, type TwinMessage, type TwinQuestion, twinMessage, twinQuestion } from '../../model/twin.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import { lineReader } from '../lines.ts';
import { afterReading } from '../patience.ts';

/** Said when there is nothing else to say, ms. */
export const PING_MS = 2_000;
/** Pings in a row between which nothing was heard: then the twin is gone. Not a time, as this end may have stood still itself. */
export const SILENT_PINGS = 5;
/** Bytes that wait to be read by the twin; a twin that lets more come together does not read. */
export const MAX_QUEUE = 2 * MAX_FRAME;
/** Questions under way, in each direction. */
export const MAX_ASKS = 16;

const id = z.number().int().min(0);
const frameSchema = z.discriminatedUnion('is', [
  z.object({ is: z.literal('hello'), node: z.enum(['a', 'b']) }),
  z.object({ is: z.literal('ping') }),
  // What a newer release says beyond this one's words is passed over, so these are looked into later.
  z.object({ is: z.literal('tell'), message: z.unknown() }),
  z.object({ is: z.literal('ask'), id, question: z.unknown() }),
  z.object({ is: z.literal('result'), id, result: z.unknown() }),
  z.object({ is: z.literal('refusal'), id, code: z.string().max(40), text: z.string().max(2_000) }),
]);

type Frame = z.input<typeof frameSchema>;
type Heard = z.output<typeof frameSchema>;

export interface SessionEars {
  /** The twin has said who it is. */
  opened(): void;
  heard(message: TwinMessage): void;
  asked(question: TwinQuestion): Promise<unknown>;
  /** Once; `reason` in words. */
  ended(reason: string): void;
}

export interface Session {
  tell(message: TwinMessage): void;
  ask(question: TwinQuestion, timeoutMs: number): Promise<unknown>;
  end(reason: string): void;
}

/** One connection to the twin: frames, one a line, over a stream that has already proved who is there. */
export function createSession(stream: Duplex, node: NodeId, clock: Clock, ears: SessionEars): Session {
  const lines = lineReader(MAX_FRAME);
  const asking = new Map<number, { done(result: unknown): void; failed(error: TandemError): void }>();
  let nextId = 0;
  let answering = 0;
  let greeted = false;
  let over = false;
  let silentPings = 0;
  let timer: Cancel | undefined;

  function end(reason: string): void {
    if (over) return;
    over = true;
    timer?.();
    stream.destroy();
    for (const { failed } of asking.values()) failed(unreachable(`the connection ended: ${reason}`));
    asking.clear();
    ears.ended(reason);
  }

  function send(frame: Frame): void {
    if (over) return;
    const line = `${JSON.stringify(frame)}\n`;
    if (Buffer.byteLength(line) > MAX_FRAME)
      throw new TandemError('too-large', `a message to the twin has ${line.length} characters`);
    stream.write(line);
    if (stream.writableLength > MAX_QUEUE) end('the twin does not read');
  }

  function beat(): void {
    if (silentPings >= SILENT_PINGS) end(`nothing heard for ${(SILENT_PINGS * PING_MS) / 1000} s`);
    silentPings += 1;
    send({ is: 'ping' });
    if (!over) timer = clock.at(clock.now() + PING_MS, beat);
  }

  async function answer(asked: number, raw: unknown): Promise<void> {
    const question = twinQuestion.safeParse(raw);
    if (!question.success) {
      refuse(asked, 'bad-request', 'the twin does not know this question');
      return;
    }
    if (answering >= MAX_ASKS) {
      refuse(asked, 'too-many', `${MAX_ASKS} questions are under way already`);
      return;
    }
    answering += 1;
    try {
      send({ is: 'result', id: asked, result: (await ears.asked(question.data)) ?? null });
    } catch (error) {
      const code = error instanceof TandemError ? error.code : 'internal';
      refuse(asked, code, error instanceof Error ? error.message : String(error));
    } finally {
      answering -= 1;
    }
  }

  const refuse = (asked: number, code: ErrorCode, text: string): void =>
    send({ is: 'refusal', id: asked, code, text: text.slice(0, 2_000) });

  function hear(line: string): void {
    const frame = parse(line);
    if (frame === undefined) end('what came is no message');
    else if (!greeted) greet(frame);
    else if (frame.is === 'tell') {
      const message = twinMessage.safeParse(frame.message);
      if (message.success) ears.heard(message.data);
    } else if (frame.is === 'ask') void answer(frame.id, frame.question);
    else if (frame.is === 'result') settle(frame.id)?.done(frame.result);
    else if (frame.is === 'refusal') settle(frame.id)?.failed(new TandemError(frame.code as ErrorCode, frame.text));
  }

  function greet(frame: Heard): void {
    if (frame.is !== 'hello') end('the twin did not say who it is');
    else if (frame.node === node) end(`the twin says that it is ${node} as well: give the boxes different names`);
    else {
      greeted = true;
      ears.opened();
    }
  }

  function settle(asked: number) {
    const waiting = asking.get(asked);
    asking.delete(asked);
    return waiting;
  }

  stream.on('data', (bytes: Uint8Array) => {
    silentPings = 0;
    lines.push(bytes);
    for (let line = lines.next(); line !== undefined && !over; line = lines.next()) hear(line);
    if (lines.overflowed()) end(`a line is longer than ${MAX_FRAME} bytes`);
  });
  stream.on('error', (error) => end(error.message));
  stream.on('close', () => end('closed'));
  stream.on('end', () => end('closed by the twin'));
  send({ is: 'hello', node });
  beat();

  return {
    end,
    tell: (message) => send({ is: 'tell', message }),
    ask: (question, timeoutMs) =>
      new Promise((done, failed) => {
        if (over) return failed(unreachable('the connection ended'));
        if (asking.size >= MAX_ASKS) {
          return failed(new TandemError('too-many', `${MAX_ASKS} questions to the twin are under way already`));
        }
        const asked = nextId++;
        const cancel = afterReading(clock, timeoutMs, () =>
          settle(asked)?.failed(unreachable(`no answer within ${timeoutMs} ms`)),
        );
        asking.set(asked, {
          done: (result) => {
            cancel();
            done(result);
          },
          failed: (error) => {
            cancel();
            failed(error);
          },
        });
        send({ is: 'ask', id: asked, question });
      }),
  };
}

const unreachable = (text: string): TandemError => new TandemError('unreachable', `the twin’s controller: ${text}`);

function parse(line: string): Heard | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
