import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import { TandemError } from '../../model/error.ts';
import type { NodeId } from '../../model/pair.ts';
import type { ServerUse } from '../../model/twin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

/** Real servers that operators have taken out of use; outlives a restart, and holds on both boxes. */
export interface Drains {
  has(service: VirtualService, server: RealServer): boolean;
  /** What was said last of a server; undefined when nothing was. */
  get(name: string): ServerUse | undefined;
  /** Answers what is to be carried to the twin; undefined when it was so already. @throws TandemError `io` when the disk refuses; nothing is changed then. */
  set(name: string, drained: boolean, author: string): ServerUse | undefined;
  /** What the twin says. @throws TandemError `io`; nothing is changed then. */
  take(uses: readonly ServerUse[]): void;
  /** Puts drained servers back in use that `next` has no more: one that comes back comes back in use. Answers as `set`. */
  forget(before: PairDocument, next: PairDocument, author: string): readonly ServerUse[];
}

export const serverName = (service: VirtualService, server: RealServer): string => `${service.name}/${server.name}`;

export function createDrains(store: Store, clock: Clock, node: NodeId): Drains {
  const uses = new Map(store.uses().map((use) => [use.server, use]));
  const drained = (name: string): boolean => uses.get(name)?.drained === true;

  function take(said: readonly ServerUse[]): void {
    store.putUses(said);
    for (const use of said) uses.set(use.server, use);
  }

  function say(names: readonly string[], wanted: boolean, author: string): readonly ServerUse[] {
    if (names.length === 0) return [];
    const counter = store.seen().counter + 1;
    const said = names.map((server) => ({ server, drained: wanted, counter, node, author, at: clock.wall() }));
    take(said);
    return said;
  }

  return {
    has: (service, server) => drained(serverName(service, server)),
    get: (name) => uses.get(name),
    set: (name, wanted, author) => (drained(name) === wanted ? undefined : say([name], wanted, author)[0]),
    take,
    forget(before, next, author) {
      if (![...uses.values()].some((use) => use.drained)) return [];
      const left = new Set(names(next));
      return say(
        names(before).filter((name) => drained(name) && !left.has(name)),
        false,
        author,
      );
    },
  };
}

const names = (document: PairDocument): string[] =>
  document.services.flatMap((service) => service.servers.map((server) => serverName(service, server)));

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
