import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONSOLE, type SessionState } from '../model/console.ts';
import { TandemError } from '../model/error.ts';
import type { NodeId } from '../model/pair.ts';
import type { Asset } from '../ports/console.ts';
import { clearCookie, setCookie, tokenIn } from './cookie.ts';
import { bodyOf, reply, replyJson, replyRefusal } from './http.ts';
import { type LoginParts, logIn } from './login.ts';
import { checkHost, checkOrigin } from './origin.ts';
import type { Session } from './sessions.ts';

export interface RouteParts extends LoginParts {
  readonly node: NodeId;
  readonly assets: ReadonlyMap<string, Asset>;
  /** Names and addresses under which this box is reached. */
  readonly allowedHosts: () => readonly string[];
}

type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export const addressOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? 'unknown';

/** The session that a request's cookie opens. */
export function sessionOf(request: IncomingMessage, { node, sessions }: RouteParts): Session | undefined {
  const token = tokenIn(request.headers.cookie, node);
  return token === undefined ? undefined : sessions.find(token);
}

const noSuch = (): TandemError => new TandemError('not-found', 'there is nothing here');

/** Answers every request that is no WebSocket. Never throws. */
export function createRoutes(parts: RouteParts): Route {
  const { node, assets, password, sessions } = parts;
  const pages = new Map([...assets].map(([path, asset]) => [path, pageRoute(asset)]));

  const posts: Readonly<Record<string, Route>> = {
    async [CONSOLE.paths.login](request, response) {
      const token = await logIn(await bodyOf(request, CONSOLE.login), addressOf(request), parts);
      reply(request, response, 204, { 'set-cookie': setCookie(node, token) });
    },
    [CONSOLE.paths.logout](request, response) {
      const session = sessionOf(request, parts);
      if (session !== undefined) sessions.end(session);
      reply(request, response, 204, { 'set-cookie': clearCookie(node) });
    },
  };

  const session: Route = (request, response) => {
    const state: SessionState = {
      node,
      loggedIn: sessionOf(request, parts) !== undefined,
      passwordSet: password.isSet(),
    };
    replyJson(request, response, 200, state);
  };

  function routeOf(request: IncomingMessage): Route {
    const path = request.url ?? '';
    if (request.method === 'POST') {
      const post = Object.hasOwn(posts, path) ? posts[path] : undefined;
      if (post === undefined) throw noSuch();
      checkOrigin(request.headers);
      return post;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') throw noSuch();
    const get = path === CONSOLE.paths.session ? session : pages.get(path);
    if (get === undefined) throw noSuch();
    return get;
  }

  return async (request, response) => {
    try {
      checkHost(request.headers, parts.allowedHosts());
      await routeOf(request)(request, response);
    } catch (error) {
      if (!response.headersSent) replyRefusal(request, response, error);
    }
  };
}

/** A file of the page. The browser asks each time whether it is still the same: a new release shows at once. */
function pageRoute({ type, bytes }: Asset): Route {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return (request, response) => {
    const headers = { etag, 'cache-control': 'no-cache' };
    if (request.headers['if-none-match'] === etag) return reply(request, response, 304, headers);
    reply(request, response, 200, { ...headers, 'content-type': type }, bytes);
  };
}
