import type { PairDocument } from '../../model/document.ts';
import { type Finding, someOf } from '../../model/lint.ts';

/** Pairs of services that are told of; where two addresses lead to one pool there may be hundreds, and other findings need room. */
const TOLD = 8;

/**
 * Services that lead to one port of one real server by masquerading. The kernel keeps the client's port on the way there
 * (ip_vs_conn.c finds an answer by protocol and both ends' addresses and ports alone), so two connections of a client from one
 * port of its own, one through each service, are the same connection to the server.
 */
export function sharedServers({ services }: PairDocument): Finding[] {
  /** The first service that leads to each port of a server. */
  const firsts = new Map<string, string>();
  /** Servers by the two services that share them. */
  const shared = new Map<string, { readonly one: string; readonly other: string; readonly servers: string[] }>();
  for (const { name, protocol, servers } of services) {
    for (const { name: server, address, port, forwarding } of servers) {
      // Without a port of its own it is asked at the one that the client asked for.
      if (forwarding !== 'masquerade' || port === 0) continue;
      const key = `${protocol} ${address} ${port}`;
      const one = firsts.get(key);
      if (one === undefined) firsts.set(key, name);
      if (one === undefined || one === name) continue;
      const pair = `${one} ${name}`;
      const found = shared.get(pair) ?? { one, other: name, servers: [] };
      found.servers.push(`${server} (${address}, port ${port})`);
      shared.set(pair, found);
    }
  }
  const pairs = [...shared.values()];
  return pairs.slice(0, TOLD).map(({ one, other, servers }, index) => {
    const rest = index === TOLD - 1 ? pairs.length - TOLD : 0;
    return {
      code: 'servers-shared',
      subject: other,
      text: `${other} and ${one} both masquerade to ${someOf(servers)}${rest === 0 ? '' : `; so do ${rest} more pairs of services`}`,
    };
  });
}
