import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import { TandemError } from '../../model/error.ts';
import type { Store } from '../../ports/store.ts';

/** Real servers that operators have taken out of use on this box; outlives a restart. */
export interface Drains {
  has(service: VirtualService, server: RealServer): boolean;
  /** Answers whether anything changed. @throws TandemError `io` when the disk refuses; nothing is changed then. */
  set(name: string, drained: boolean, author: string): boolean;
  /** Forgets servers that a document no longer has: one that comes back comes back in use. */
  keepOnly(document: PairDocument): void;
}

export const serverName = (service: VirtualService, server: RealServer): string => `${service.name}/${server.name}`;

export function createDrains(store: Store): Drains {
  const drained = new Set(store.drained().map((row) => row.server));
  return {
    has: (service, server) => drained.has(serverName(service, server)),
    set(name, wanted, author) {
      if (drained.has(name) === wanted) return false;
      if (wanted) {
        store.drain(name, author);
        drained.add(name);
      } else {
        store.enable([name]);
        drained.delete(name);
      }
      return true;
    },
    keepOnly(document) {
      const known = new Set(
        document.services.flatMap((service) => service.servers.map((server) => serverName(service, server))),
      );
      const gone = [...drained].filter((name) => !known.has(name));
      if (gone.length === 0) return;
      store.enable(gone);
      for (const name of gone) drained.delete(name);
    },
  };
}

/** @throws TandemError `not-found` with the names there are. */
export function findServer(document: PairDocument, name: string): { service: VirtualService; server: RealServer } {
  const [serviceName = '', ...rest] = name.split('/');
  const service = document.services.find((entry) => entry.name === serviceName);
  const server = service?.servers.find((entry) => entry.name === rest.join('/'));
  if (service !== undefined && server !== undefined) return { service, server };
  const choices =
    service === undefined
      ? `name one as SERVICE/SERVER; the services are ${list(document.services.map((entry) => entry.name))}`
      : `the servers of ${service.name} are ${list(service.servers.map((entry) => serverName(service, entry)))}`;
  throw new TandemError('not-found', `there is no real server "${name}"`, { remedy: choices });
}

const MOST = 20;

const list = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.slice(0, MOST).join(', ') + (names.length > MOST ? ', …' : '');
