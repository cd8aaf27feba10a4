import { CONSOLE, type Picture } from '../model/console.ts';
import { mergeAlarms } from '../model/mergeAlarms.ts';
import type { Status } from '../model/status.ts';
import { VERSION } from '../model/version.ts';
import type { Active } from '../shell/controller/active.ts';
import type { Controller } from '../shell/controller/controller.ts';
import { createRateBook } from './rates.ts';

/** Characters of an event in the picture; the ledger has it whole. */
const EVENT_TEXT = 400;

const bare = (cidr: string): string => cidr.split('/')[0] ?? '';

function figureOf(active: Active | undefined, devices: { public: string; private: string }): Picture['figure'] {
  if (active === undefined) return null;
  const { floats, nodes, gateway } = active.document;
  return {
    gateway: gateway ?? null,
    devices,
    floats: { public: bare(floats.public.address), private: bare(floats.private.address) },
    routers: {
      a: { public: bare(nodes.a.public), private: bare(nodes.a.private) },
      b: { public: bare(nodes.b.public), private: bare(nodes.b.private) },
    },
  };
}

/** Makes pictures out of statuses. */
export interface Painter {
  /** @param now monotonic ms. */
  paint(status: Status, now: number): Picture;
  /** Nobody looks for a while. */
  rest(): void;
}

export function createPainter(controller: Controller): Painter {
  const { node, store } = controller.ports;
  const rates = createRateBook();
  let events: Picture['events'] | undefined;
  controller.ledger.onRecord(() => {
    events = undefined;
  });

  const readEvents = (): Picture['events'] =>
    store.events(CONSOLE.events).map(({ at, kind, text }) => ({ at, kind, text: text.slice(0, EVENT_TEXT) }));

  return {
    paint(status, now) {
      const key = (service: string, server: string): string => `${service}/${server}`;
      const all = status.services.flatMap((service) =>
        service.servers.map((server) => [key(service.name, server.name), server.counters] as const),
      );
      const rateOf = rates.take(new Map(all), now);
      events ??= readEvents();
      return {
        node: node.name,
        version: VERSION,
        name: status.name,
        revision: status.revision,
        digest: status.digest,
        lane: status.lane,
        figure: figureOf(controller.active(), { public: node.public.device, private: node.private.device }),
        services: status.services.map((service) => ({
          ...service,
          servers: service.servers.map(({ counters: _, ...server }) => ({
            ...server,
            rates: rateOf(key(service.name, server.name)),
          })),
        })),
        alarms: mergeAlarms(status.lane?.alarms ?? [], status.alarms),
        findings: status.findings ?? 0,
        events,
      };
    },
    rest: () => rates.clear(),
  };
}
