import { countersOf } from '../../core/stats/index.ts';
import type { Counters } from '../../model/ipvs.ts';
import type { Controller } from '../../shell/controller/controller.ts';
import { isServerUp } from '../../shell/controller/serverAlarms.ts';
import type { Families } from './families.ts';

/**
 * Services, and servers, with series of their own, the first of the document: 2,000 servers make some 2 MB of text.
 * `tandem_left_out` says how many have none.
 */
export const METRIC_LIMITS = { services: 1_000, servers: 2_000 } as const;

type Labels = Readonly<Record<string, string>>;

function traffic(to: Families, of: 'service' | 'server', counters: Counters, labels: Labels): void {
  const both = [
    ['in', counters.packetsIn, counters.bytesIn],
    ['out', counters.packetsOut, counters.bytesOut],
  ] as const;
  const since = `as the kernel counts since the ${of} came into its table`;
  to.counter(`${of}_connections`, `Connections scheduled, ${since}`, counters.connections, labels);
  for (const [direction, packets, bytes] of both) {
    to.counter(`${of}_packets`, `Packets from clients (in) and to them (out), ${since}`, packets, {
      ...labels,
      direction,
    });
    to.counter(`${of}_bytes`, `Bytes from clients (in) and to them (out), ${since}`, bytes, { ...labels, direction });
  }
}

/** Services and servers of the document in force, as last read from the kernel. What the kernel has not is left out. */
export function serviceFamilies(to: Families, controller: Controller): void {
  const { checks, drains } = controller;
  const document = controller.active()?.document;
  const stats = controller.statistics.state();
  const { reading } = stats;
  const all = document?.services ?? [];
  const total = all.reduce((sum, service) => sum + service.servers.length, 0);
  let row = 1 + all.length;
  for (const [index, service] of all.entries()) {
    const labels = { service: service.name };
    const own = 1 + index;
    const first = row;
    row += service.servers.length;
    if (index < METRIC_LIMITS.services && reading?.present[own] === 1) {
      traffic(to, 'service', countersOf(stats, own), labels);
      to.gauge('service_active_connections', 'Established connections', reading.active[own]!, labels);
      to.gauge('service_inactive_connections', 'Connections in any other state', reading.inactive[own]!, labels);
    }
    for (const [place, server] of service.servers.entries()) {
      const at = first + place;
      if (at - 1 - all.length >= METRIC_LIMITS.servers) break;
      const both = { ...labels, server: server.name };
      to.gauge(
        'server_up',
        '1 when the server’s checks succeed, or it has none',
        isServerUp(checks, service, server),
        both,
      );
      to.gauge('server_drained', '1 when an operator took the server out of use', drains.has(service, server), both);
      if (reading?.present[at] !== 1) continue;
      to.gauge('server_weight', 'As the kernel has it; 0 gets no new connections', reading.weight[at]!, both);
      traffic(to, 'server', countersOf(stats, at), both);
      to.gauge('server_active_connections', 'Established connections', reading.active[at]!, both);
      to.gauge('server_inactive_connections', 'Connections in any other state', reading.inactive[at]!, both);
    }
  }
  const beyond = (count: number, limit: number): number => Math.max(0, count - limit);
  const help = 'Of the document, without series of their own because there are too many';
  to.gauge('left_out', help, beyond(all.length, METRIC_LIMITS.services), { of: 'services' });
  to.gauge('left_out', help, beyond(total, METRIC_LIMITS.servers), { of: 'servers' });
}
