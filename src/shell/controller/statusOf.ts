import { serviceId } from '../../core/reconcile/index.ts';
import type { Dropped } from '../../model/guard.ts';
import type { IpvsState } from '../../model/ipvs.ts';
import { type Finding, isLintAlarm } from '../../model/lint.ts';
import type { Alarm } from '../../model/pair.ts';
import { kernelKey, listeningText } from '../../model/service.ts';
import type { LaneStatus, Status } from '../../model/status.ts';
import type { Active } from './active.ts';
import type { Checks } from './checks.ts';
import type { Drains } from './drains.ts';
import { checkStateOf, isServerUp } from './serverAlarms.ts';
import type { Uses } from './uses.ts';

/** The whole box in one answer: the document's services as the kernel and the checks show them. */
export function statusOf(
  active: Active | undefined,
  kernel: IpvsState,
  checks: Checks,
  operators: Drains,
  uses: Uses,
  lane: LaneStatus | null,
  alarms: readonly Alarm[],
  findings: readonly Finding[],
  dropped: readonly Dropped[],
): Status {
  return {
    name: active?.document.name ?? '',
    revision: active?.revision.number ?? 0,
    digest: active?.digest ?? '',
    lane,
    services: active === undefined ? [] : services(active, kernel, checks, operators, uses),
    checks: { stuck: checks.stuck(), lateMs: checks.lateP99() },
    alarms: [...alarms],
    ...(dropped.length === 0 ? {} : { dropped: [...dropped] }),
    findings: findings.filter(({ code }) => !isLintAlarm(code)).length,
  };
}

function services(
  active: Active,
  kernel: IpvsState,
  checks: Checks,
  operators: Drains,
  uses: Uses,
): Status['services'] {
  const standing = new Map(kernel.services.map((entry) => [serviceId(entry), entry]));
  return active.document.services.map((service) => {
    const found = standing.get(serviceId(kernelKey(service)));
    const servers = new Map(found?.destinations.map((entry) => [`${entry.address}:${entry.port}`, entry]));
    return {
      name: service.name,
      protocol: service.protocol,
      address: service.address,
      port: service.port,
      listening: listeningText(service),
      scheduler: service.scheduler,
      sorry: !uses.hasQuorum(service),
      servers: service.servers.map((server) => {
        const entry = servers.get(`${server.address}:${server.port}`);
        return {
          name: server.name,
          address: server.address,
          port: server.port,
          forwarding: server.forwarding,
          up: isServerUp(checks, service, server),
          drained: operators.has(service, server),
          weight: entry?.weight ?? 0,
          configuredWeight: server.weight,
          active: entry?.active ?? 0,
          inactive: entry?.inactive ?? 0,
          counters: {
            connections: entry?.counters.connections ?? 0,
            bytesIn: entry?.counters.bytesIn ?? 0,
            bytesOut: entry?.counters.bytesOut ?? 0,
          },
          reason: checkStateOf(checks, service, server)?.reason ?? '',
          share: uses.share(service, server),
          warning: checkStateOf(checks, service, server)?.warning ?? '',
        };
      }),
    };
  });
}
