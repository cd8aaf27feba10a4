import type { IpvsState } from '../../model/ipvs.ts';
import type { TwinFacts } from '../../model/twin.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Controller } from './controller.ts';
import { isServerUp } from './serverAlarms.ts';

/** A box that has run for so long counts as one that always did. */
const LONG_MS = 3_600_000;

/** What the kernel's table says of connections and of their sync, look by look. */
export interface TableFacts {
  observed(ipvs: IpvsState): void;
  /** Active and inactive ones of all services, at the last look. */
  connections(): number;
  /** For how long both sync daemons have run, ms, `LONG_MS` at most; 0 while one does not. */
  syncMs(): number;
}

export function createTableFacts(clock: Clock): TableFacts {
  let connections = 0;
  let since: number | undefined;
  let looked = false;
  return {
    observed({ services, daemons }) {
      connections = 0;
      for (const { destinations } of services) {
        for (const { active, inactive } of destinations) connections += active + inactive;
      }
      const both = daemons.some(({ role }) => role === 'master') && daemons.some(({ role }) => role === 'backup');
      if (!both) since = undefined;
      // Daemons that a fresh controller finds have outlived the one before it.
      else since ??= looked ? clock.now() : clock.now() - LONG_MS;
      looked = true;
    },
    connections: () => connections,
    syncMs: () => (since === undefined ? 0 : Math.min(clock.now() - since, LONG_MS)),
  };
}

/** What this box holds, as its twin may ask. */
export function factsOf({
  ports,
  active,
  reconciler,
  checks,
  tableFacts,
}: Pick<Controller, 'ports' | 'active' | 'reconciler' | 'checks' | 'tableFacts'>): TwinFacts {
  const document = active()?.document;
  return {
    node: ports.node.name,
    revision: active()?.revision.number ?? 0,
    digest: active()?.digest ?? '',
    holds: reconciler.state().verified,
    services: (document?.services ?? []).map((service) => ({
      name: service.name,
      servers: service.servers.length,
      up: service.servers.filter((server) => server.weight > 0 && isServerUp(checks, service, server)).length,
    })),
    connections: tableFacts.connections(),
    syncMs: tableFacts.syncMs(),
  };
}
