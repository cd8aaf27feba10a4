import type { IncomingHttpHeaders } from 'node:http';
import { TandemError } from '../model/error.ts';

/** `host:port` in one spelling; undefined when it is none. */
function spelled(host: string): { readonly name: string; readonly whole: string } | undefined {
  if (host.length > 262 || !/^[A-Za-z0-9.:[\]-]+$/.test(host)) return undefined;
  const url = URL.parse(`https://${host}/`);
  return url === null ? undefined : { name: url.hostname, whole: url.host };
}

/**
 * Refuses a request under a name that is not this box's: a stranger's name that was made to point here (DNS rebinding)
 * is a page of the stranger's for the browser.
 * @throws TandemError `wrong-origin`.
 */
export function checkHost(headers: IncomingHttpHeaders, allowed: readonly string[]): void {
  const host = spelled(headers.host ?? '');
  if (host !== undefined && allowed.some((name) => name.toLowerCase() === host.name)) return;
  throw new TandemError('wrong-origin', 'the console does not answer under this name', {
    remedy: 'use the router’s private address, or add the name to console.names in /etc/tandem/node.yaml',
  });
}

/**
 * Refuses what another site's page sends. Browsers name the page's origin with every POST and every WebSocket
 * (RFC 6455, section 10.2; Fetch standard, "append a request Origin header").
 * @throws TandemError `wrong-origin`.
 */
export function checkOrigin(headers: IncomingHttpHeaders): void {
  const origin = URL.parse(headers.origin ?? '');
  const host = spelled(headers.host ?? '');
  const site = headers['sec-fetch-site'];
  const same = origin?.protocol === 'https:' && host !== undefined && origin.host === host.whole;
  if (same && (site === undefined || site === 'same-origin')) return;
  throw new TandemError('wrong-origin', 'the request comes from another site', {
    remedy: 'use the console’s own page',
  });
}
