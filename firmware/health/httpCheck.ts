import { createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { CHECK_LIMITS, parseStatusSet, type QuestionOf } from '../../src/model/check.ts';
import type { ProbeAnswer, ProbeTarget } from '../../src/ports/health.ts';
import { type Probe, startAttempt } from './attempt.ts';
import { endingOf, openTls, refusalOf } from './tls.ts';
import { answerOf } from './words.ts';

type Http = QuestionOf<'http'> | QuestionOf<'https'>;

/** Bytes of a status line and headers. */
const HEADERS_MAX = 16_384;

function open(target: ProbeTarget, question: Http): Socket {
  if (question.type === 'https') return openTls(target, question);
  const { address, port, source } = target;
  const local = source === undefined ? {} : { localAddress: source };
  return connect({ host: address, port, autoSelectFamily: false, ...local });
}

/**
 * A server is there when it answers one HTTP/1.1 request with a good status and, if asked for, a good body. Of a body that
 * nobody asks for nothing is read, of any other 64 KiB at most. The connection serves one request.
 */
export const httpProbe: Probe<Http> = (target, done) => {
  const { question, address, port } = target;
  const socket = open(target, question);
  // Not by reset, as TCP checks end: from within the parser's callback Node 24 is left polling a dead descriptor for ever.
  const attempt = startAttempt(target.timeout, done, () => asked.destroy());
  const begin = (): void => {
    const refusal = socket instanceof TLSSocket ? refusalOf(socket, question as QuestionOf<'https'>) : undefined;
    if (refusal !== undefined) attempt.fail(refusal);
    else asked.end();
  };
  const asked = request({
    createConnection: () => socket,
    method: question.method,
    path: question.path,
    headers: { host: question.host ?? `${address}:${port}`, connection: 'close', 'user-agent': 'tandem' },
    maxHeaderSize: HEADERS_MAX,
  });
  asked.on('error', (error: NodeJS.ErrnoException) => attempt.end(failure(error)));
  asked.on('response', (response) => {
    const warning =
      socket instanceof TLSSocket ? endingOf(socket, question as QuestionOf<'https'>, Date.now()) : undefined;
    readAnswer(response, question, (fault) => {
      if (fault !== undefined) attempt.fail(fault);
      else {
        const reason = `status ${response.statusCode} in ${attempt.elapsed()} ms`;
        attempt.end({ ok: true, reason, ...(warning === undefined ? {} : { warning }) });
      }
    });
  });
  socket.once(question.type === 'https' ? 'secureConnect' : 'connect', begin);
  return attempt.cancel;
};

/** llhttp's codes begin with HPE_: what came is not HTTP. */
function failure(error: NodeJS.ErrnoException): ProbeAnswer {
  if (error.code === 'HPE_HEADER_OVERFLOW') return { ok: false, reason: `headers longer than ${HEADERS_MAX} bytes` };
  if (error.code?.startsWith('HPE_')) return { ok: false, reason: 'the answer is not HTTP' };
  return answerOf(error);
}

/** Calls `end` with what is wrong, or undefined when all is well; may call it more than once. */
function readAnswer(response: IncomingMessage, question: Http, end: (fault: string | undefined) => void): void {
  const { status, body_contains: wanted, body_sha256: digest } = question;
  const code = response.statusCode ?? 0;
  response.on('error', (error) => end(answerOf(error).reason));
  if (!parseStatusSet(status)?.some(([low, high]) => code >= low && code <= high)) {
    end(`status ${code}, expected ${status}`);
    return;
  }
  if (wanted === undefined && digest === undefined) {
    end(undefined);
    return;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  const found = (): boolean => wanted === undefined || Buffer.concat(pieces).includes(wanted);
  response.on('data', (piece: Buffer) => {
    const room = CHECK_LIMITS.body - size;
    pieces.push(piece.subarray(0, room));
    size += piece.length;
    if (size <= CHECK_LIMITS.body) return;
    response.pause();
    if (digest !== undefined) end(`body longer than ${CHECK_LIMITS.body} bytes`);
    else end(found() ? undefined : missing(wanted));
  });
  response.on('end', () => {
    if (!found()) end(missing(wanted));
    else if (digest === undefined) end(undefined);
    else {
      const is = createHash('sha256').update(Buffer.concat(pieces)).digest('hex');
      end(is === digest ? undefined : `body has the digest ${is.slice(0, 16)}…, expected ${digest.slice(0, 16)}…`);
    }
  });
}

const missing = (wanted = ''): string => {
  const shown = wanted.length > 40 ? `${wanted.slice(0, 39)}…` : wanted;
  return `"${shown}" is not in the body`;
};
