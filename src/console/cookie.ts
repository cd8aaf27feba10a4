import type { NodeId } from '../model/pair.ts';

/**
 * The session's cookie. A browser does not tell ports apart when it keeps cookies, so that each router's has a name of its
 * own. `__Host-`: only this host, only over TLS, no domain (RFC 6265bis, section 4.1.3.2).
 */
const nameFor = (node: NodeId): string => `__Host-tandem-${node}`;

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

export const setCookie = (node: NodeId, token: string): string => `${nameFor(node)}=${token}; ${ATTRIBUTES}`;

export const clearCookie = (node: NodeId): string => `${nameFor(node)}=; ${ATTRIBUTES}; Max-Age=0`;

/** The token in a Cookie header; undefined when there is none of the right form. */
export function tokenIn(header: string | undefined, node: NodeId): string | undefined {
  const wanted = `${nameFor(node)}=`;
  const found = header?.split(';').find((part) => part.trim().startsWith(wanted));
  const token = found?.trim().slice(wanted.length);
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined;
}
