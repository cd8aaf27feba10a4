import { byServiceId, serviceId } from '../../core/reconcile/index.ts';
import type { PairDocument } from '../../model/document.ts';
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

/**
 * The whole box in one answer: the document's services as the kernel and the checks show them.
 * @param wanted their names; undefined = all. Names that the document does not have are left out.
 */
export function statusOf(
  active: Active | undefined,
  wanted: readonly string[] | undefined,
  kernel: Pick<IpvsState, 'services'>,
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
    services: active === undefined ? [] : services(active, wanted, kernel, checks, operators, uses),
    ...(active === undefined ? {} : { counts: countsOf(active.document, checks) }),
    checks: { stuck: checks.stuck(), lateMs: checks.lateP99() },
    alarms: [...alarms],
    ...(dropped.length === 0 ? {} : { dropped: [...dropped] }),
    findings: findings.filter(({ code }) => !isLintAlarm(code)).length,
  };
}

function countsOf({ services }: PairDocument, checks: Checks): NonNullable<Status['counts']> {
  const all = services.flatMap((service) => service.servers.map((server) => isServerUp(checks, service, server)));
  return { services: services.length, servers: all.length, up: all.filter((up) => up).length };
}

function services(
  active: Active,
  wanted: readonly string[] | undefined,
  kernel: Pick<IpvsState, 'services'>,
  checks: Checks,
  operators: Drains,
  uses: Uses,
): Status['services'] {
  const standing = byServiceId(kernel.services);
  const all = active.document.services;
  const chosen = wanted === undefined ? all : all.filter(({ name }) => wanted.includes(name));
  return chosen.map((service) => {
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
