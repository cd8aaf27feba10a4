import { connect } from 'node:net';
import type { Answer, ControllerRequest, LaneRequest } from '../model/control.ts';
import { type ErrorCode, TandemError } from '../model/error.ts';

/** Bytes of one answer; a document of the greatest length and the picture of 40,000 servers fit. */
export const MAX_ANSWER = 64 * 1024 * 1024;

/**
 * Asks one question on a control socket and waits at most `timeoutMs` for its answer.
 * @throws TandemError `unreachable` when nobody answers in time or what comes is no answer.
 */
export function ask(path: string, request: ControllerRequest | LaneRequest, timeoutMs: number): Promise<Answer> {
  return new Promise((done, failed) => {
    const socket = connect(path);
    const parts: Buffer[] = [];
    let size = 0;
    // What has come by then is read first: a process that stood still finds its timers before its sockets.
    const timer = setTimeout(() => setImmediate(() => settled || fail(`no answer within ${timeoutMs} ms`)), timeoutMs);
    let settled = false;

    const finish = (): void => {
      settled = true;
      clearTimeout(timer);
      socket.destroy();
    };
    const fail = (reason: string): void => {
      finish();
      failed(new TandemError('unreachable', `${path}: ${reason}`));
    };
    const conclude = (line: string): void => {
      const answer = parseAnswer(line);
      if (answer === undefined) {
        fail('what came is no answer');
        return;
      }
      finish();
      done(answer);
    };

    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (bytes: Buffer) => {
      const end = bytes.indexOf(0x0a);
      parts.push(end < 0 ? bytes : bytes.subarray(0, end));
      size += bytes.length;
      if (end >= 0) conclude(Buffer.concat(parts).toString('utf8'));
      else if (size > MAX_ANSWER) fail(`the answer is longer than ${MAX_ANSWER} bytes`);
    });
    socket.on('end', () => fail('closed without an answer'));
    socket.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
  });
}

/** The result of an answer. @throws TandemError as the other side said it. */
export function resultOf<T>(answer: Answer): T {
  if (answer.ok) return answer.result as T;
  const { code, message, remedy, faults, forcible = false } = answer.error;
  throw new TandemError(code as ErrorCode, message, {
    forcible,
    ...(remedy === undefined ? {} : { remedy }),
    ...(faults === undefined ? {} : { faults }),
  });
}

function parseAnswer(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line) as Answer | null;
    return typeof answer?.ok === 'boolean' ? answer : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'there is no such socket';
    case 'ECONNREFUSED':
      return 'nobody listens there';
    case 'EACCES':
      return 'you may not use it; try as root';
    default:
      return error.message;
  }
}
