import { checkOf, hasQuorum, liveOf, nextRampAt, rampOf } from '../../core/health/index.ts';
import { byServiceId, serviceId } from '../../core/reconcile/index.ts';
import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import type { IpvsState } from '../../model/ipvs.ts';
import { kernelKey } from '../../model/service.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Alarms } from './alarms.ts';
import type { Checks } from './checks.ts';
import type { Drains } from './drains.ts';
import { isServerUp } from './serverAlarms.ts';

/** How much of each server is used: what agents ask for, slow starts, and quorums. */
export interface Uses {
  /** Percent of its weight that a server has now, 0 to 100. */
  share(service: VirtualService, server: RealServer): number;
  /** false: new clients go to the sorry server. */
  hasQuorum(service: VirtualService): boolean;
  /** Counts the quorums of a document anew, and sees to the next step of a slow start. */
  update(document: PairDocument): void;
  /** Names of the services whose quorum is lost, in the document's order. */
  lost(): readonly string[];
  /** As `update`, for a process that starts beside a table that runs: a sorry server in use says that its quorum is lost. */
  adopt(document: PairDocument, kernel: IpvsState): void;
  readonly close: Close;
}

/**
 * @param onRamp a server's slow start is a step further
 * @param ownersWord whether a service has its quorum by the word of the twin that owns the floats; undefined = there is none
 */
export function createUses(
  checks: Pick<Checks, 'isUp' | 'shareOf' | 'get'>,
  drains: Pick<Drains, 'has'>,
  alarms: Alarms,
  clock: Clock,
  onRamp: () => void,
  ownersWord: (service: VirtualService) => boolean | undefined = () => undefined,
): Uses {
  /** Names of the services whose quorum is lost. */
  let lost = new Set<string>();
  let timer: Cancel | undefined;

  const share: Uses['share'] = (service, server) => {
    const id = checkOf(service, server)?.id;
    const risenAt = id === undefined ? undefined : checks.get(id)?.risenAt;
    return (checks.shareOf(id) * rampOf(risenAt, service.slow_start_s, clock.now())) / 100;
  };

  function count(service: VirtualService): number {
    return liveOf(
      service,
      service.servers.map((server) => {
        const live = isServerUp(checks, service, server) && !drains.has(service, server);
        return { live: live && checks.shareOf(checkOf(service, server)?.id) > 0, weight: server.weight };
      }),
    );
  }

  function update(document: PairDocument): void {
    const now = new Set<string>();
    for (const service of document.services) {
      if (service.sorry_server === undefined) continue;
      const live = count(service);
      // Between the two marks what counts is the history that clients have met.
      const had = ownersWord(service) ?? !lost.has(service.name);
      if (hasQuorum(service, had, live)) continue;
      now.add(service.name);
      const what = service.quorum_by === 'servers' ? 'servers' : 'of the weight';
      const { address, port } = service.sorry_server;
      const text = `service ${service.name} has ${live} ${what} left, its quorum is ${service.quorum ?? 1}: new clients go to the sorry server ${address}:${port}`;
      alarms.set({ code: 'quorum-lost', subject: service.name, text }, true);
    }
    lost = now;
    alarms.keepOnly('quorum-lost', now);
    ramp(document);
  }

  function ramp(document: PairDocument): void {
    timer?.();
    const now = clock.now();
    let at = Number.POSITIVE_INFINITY;
    for (const service of document.services) {
      const slow = service.slow_start_s;
      if (slow === undefined || slow === 0) continue;
      for (const server of service.servers) {
        const id = checkOf(service, server)?.id;
        at = Math.min(at, nextRampAt(id === undefined ? undefined : checks.get(id)?.risenAt, slow, now));
      }
    }
    timer =
      at === Number.POSITIVE_INFINITY
        ? undefined
        : clock.at(at, () => {
            ramp(document);
            onRamp();
          });
  }

  return {
    share,
    lost: () => [...lost],
    hasQuorum: (service) => !lost.has(service.name),
    update,
    adopt(document, kernel) {
      const table = byServiceId(kernel.services);
      for (const service of document.services) {
        const sorry = service.sorry_server;
        if (sorry === undefined) continue;
        const used = table
          .get(serviceId(kernelKey(service)))
          ?.destinations.some((to) => to.address === sorry.address && to.port === sorry.port && to.weight > 0);
        if (used === true) lost.add(service.name);
      }
    },
    close() {
      timer?.();
      timer = undefined;
    },
  };
}
