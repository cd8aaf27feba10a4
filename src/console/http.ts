import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpStatus } from '../model/console.ts';
import { TandemError } from '../model/error.ts';
import { asTandemError, refusalOf } from './refusal.ts';

/** On every answer: the page runs its own files alone, is never shown inside another, and tells nobody where it is. */
const SAFE: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Ends the answer with these headers; the body is left out for HEAD. */
export function reply(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | string = '',
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...SAFE, 'cache-control': 'no-store', ...headers, 'content-length': length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function replyJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(request, response, status, { 'content-type': 'application/json', ...headers }, JSON.stringify(value));
}

/** A refusal under the HTTP status of its code. */
export function replyRefusal(request: IncomingMessage, response: ServerResponse, cause: unknown): void {
  const error = asTandemError(cause);
  // What is left of a body that was not read must not be taken for the next request.
  const headers = request.complete ? {} : { connection: 'close' };
  replyJson(request, response, httpStatus(error.code), { error: refusalOf(error) }, headers);
}

/** The body as text. Rejects with TandemError `too-large` beyond `limit` bytes, `bad-request` when it breaks off. */
export async function bodyOf(request: IncomingMessage, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      size += (part as Buffer).length;
      if (size > limit) throw new TandemError('too-large', `the body is longer than ${limit} bytes`);
      parts.push(part as Buffer);
    }
  } catch (error) {
    if (error instanceof TandemError) throw error;
    throw new TandemError('bad-request', 'the body broke off', { cause: error });
  }
  return Buffer.concat(parts).toString('utf8');
}
