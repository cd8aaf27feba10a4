import { ratesOf, type StatsState } from '../../core/stats/index.ts';
import { serverWords } from '../../model/serverWords.ts';
import type { Top } from '../../model/stats.ts';
import type { Active } from './active.ts';
import type { Checks } from './checks.ts';
import type { Drains } from './drains.ts';
import { checkStateOf, isServerUp } from './serverAlarms.ts';

const load = ({ rates }: Top['total']): number => rates.packetsIn + rates.packetsOut;

/** By packets a second, which is what a router works by; then by connections that stand, then by name. */
const busiestFirst = (one: Top['total'], other: Top['total']): number =>
  load(other) - load(one) || other.active - one.active || (one.name < other.name ? -1 : 1);

/** What runs where, as last looked at: at most `limit` services, and as many servers. `at` is ms since the epoch. */
export function topOf(
  active: Active | undefined,
  stats: StatsState,
  checks: Checks,
  operators: Drains,
  role: string,
  limit: number,
  at: number,
): Top {
  const { reading } = stats;
  const { rows } = stats.layout;
  const lineOf = (row: number): Top['total'] => ({
    name: rows[row]?.name ?? '',
    rates: ratesOf(stats, row),
    active: reading?.active[row] ?? 0,
    inactive: reading?.inactive[row] ?? 0,
  });
  const all = active?.document.services ?? [];
  const services = all.map((_, index) => lineOf(1 + index));
  const servers = all
    .flatMap((service) => service.servers.map((server) => ({ service, server })))
    .map((one, index) => ({ ...one, row: 1 + all.length + index, line: lineOf(1 + all.length + index) }))
    .sort((one, other) => busiestFirst(one.line, other.line));
  const shown = servers.slice(0, limit).map(({ service, server, row, line }) => {
    const weight = reading?.weight[row] ?? 0;
    const state = serverWords({
      up: isServerUp(checks, service, server),
      drained: operators.has(service, server),
      reason: checkStateOf(checks, service, server)?.reason ?? '',
      weight,
      configuredWeight: server.weight,
    });
    return { ...line, weight, state };
  });
  return {
    at,
    role,
    total: lineOf(0),
    services: services.sort(busiestFirst).slice(0, limit),
    servers: shown,
    leftOut: Math.max(0, services.length - limit) + servers.length - shown.length,
  };
}
