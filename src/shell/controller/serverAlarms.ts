import { type CheckState, checkOf } from '../../core/health/index.ts';
import type { PairDocument, RealServer, VirtualService } from '../../model/document.ts';
import type { Alarm } from '../../model/pair.ts';
import { listeningText } from '../../model/service.ts';
import type { Alarms } from './alarms.ts';
import type { Checks } from './checks.ts';

export const isServerUp = (checks: Pick<Checks, 'isUp'>, service: VirtualService, server: RealServer): boolean =>
  checks.isUp(checkOf(service, server)?.id);

/** What is known of a server's check; undefined when it has none. */
export function checkStateOf(
  checks: Pick<Checks, 'get'>,
  service: VirtualService,
  server: RealServer,
): CheckState | undefined {
  const spec = checkOf(service, server);
  return spec && checks.get(spec.id);
}

/** Raises and clears `server-down` and `service-down` so that they say what the checks say now. */
export function updateServerAlarms(document: PairDocument, checks: Checks, alarms: Alarms): void {
  const servers = new Set<string>();
  const services = new Set<string>();
  const ending = new Set<string>();
  for (const service of document.services) {
    const down = service.servers.filter((server) => !isServerUp(checks, service, server));
    for (const server of down) {
      const subject = `${service.name}/${server.name}`;
      const reason = checkStateOf(checks, service, server)?.reason || 'its check failed before this process started';
      const text = `server ${subject} (${server.address}:${server.port}) gets no new connections: ${reason}`;
      servers.add(subject);
      alarms.set({ code: 'server-down', subject, text }, true);
    }
    for (const server of service.servers) {
      const warning = checkStateOf(checks, service, server)?.warning ?? '';
      if (warning === '') continue;
      const subject = `${service.name}/${server.name}`;
      ending.add(subject);
      const text = `server ${subject} (${server.address}:${server.port}): ${warning}`;
      alarms.set({ code: 'certificate-ends', subject, text }, true);
    }
    // With a sorry server its clients are answered: that is `quorum-lost`.
    if (service.sorry_server === undefined && service.servers.length > 0 && down.length === service.servers.length) {
      services.add(service.name);
      alarms.set(serviceDown(service), true);
    }
  }
  alarms.keepOnly('server-down', servers);
  alarms.keepOnly('service-down', services);
  alarms.keepOnly('certificate-ends', ending);
}

const serviceDown = (service: VirtualService): Alarm => ({
  code: 'service-down',
  subject: service.name,
  text: `service ${service.name} has no server left: clients of ${listeningText(service)} are refused`,
});
