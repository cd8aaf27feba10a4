import type { ControllerRequest } from '../model/control.ts';
import type { Status } from '../model/status.ts';
import type { Cancel } from '../ports/clock.ts';
import type { ConsolePorts, Place } from '../ports/console.ts';
import type { Controller } from '../shell/controller/controller.ts';
import { createFeed } from './feed.ts';
import { createPainter } from './picture.ts';
import { type ConsoleServer, createConsoleServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { createThrottle } from './throttle.ts';

/** Between two tries to listen, after one that failed. */
const RETRY_MS = 5_000;

export interface WebConsole {
  /** Where it listens; undefined while it does not. */
  place(): Place | undefined;
  close(): Promise<void>;
}

/**
 * Serves the web console on the private NIC's own address of the document in force, and moves along when that changes.
 * What goes wrong here is said in the journal and tried again; the rest of the controller does not notice.
 */
export function startConsole(
  controller: Controller,
  ask: (request: ControllerRequest) => Promise<unknown>,
  ports: ConsolePorts,
): WebConsole {
  const { clock, log } = ports;
  const { node, kernel } = controller.ports;
  const sessions = createSessions(clock, ports.random, ports.digest, ports.sessions);
  controller.adminPassword.onChange(() => sessions.endAll());
  const painter = createPainter(controller);

  const feed = createFeed(
    clock,
    async () => painter.paint((await ask({ do: 'status' })) as Status, clock.now()),
    () => {
      // The lane renews its floats' lifetimes all the time: changed addresses are no news.
      const unwatch = kernel.network.watch((change) => {
        if (change !== 'address') feed.news();
      });
      return () => {
        unwatch();
        painter.rest();
      };
    },
  );

  const names = [...node.console.names, ...ports.furtherNames];
  let wanted: Place | undefined;
  let standing: { readonly place: Place; readonly console: ConsoleServer } | undefined;
  let busy = false;
  let retry: Cancel | undefined;
  let open = true;

  const placeNow = (): Place | undefined => {
    const address = controller.active()?.document.nodes[node.name].private.split('/')[0];
    return address === undefined ? undefined : { device: node.private.device, address, port: node.console.port };
  };

  const parts = {
    node: node.name,
    assets: ports.assets,
    password: controller.adminPassword,
    sessions,
    throttle: createThrottle(clock),
    record: (kind: string, text: string) => controller.ledger.record(kind, text, null),
    allowedHosts: () => [...(standing === undefined ? [] : [standing.place.address]), ...names],
    clock,
    feed,
    ask,
    revision: () => controller.active()?.revision.number ?? 0,
  };

  /** Closes what stands elsewhere and listens where it should; again when that changed meanwhile. */
  async function settle(): Promise<void> {
    if (busy) return;
    busy = true;
    retry?.();
    retry = undefined;
    try {
      while (open && JSON.stringify(wanted) !== JSON.stringify(standing?.place)) {
        await standing?.console.close();
        standing = undefined;
        if (wanted !== undefined) standing = await stand(wanted);
      }
    } catch (error) {
      log(`the web console does not listen: ${error instanceof Error ? error.message : String(error)}`);
      retry = clock.at(clock.now() + RETRY_MS, () => void settle());
    } finally {
      busy = false;
    }
  }

  async function stand(place: Place) {
    const identity = await ports.identity([place.address], names);
    const console = createConsoleServer(identity, parts);
    await listen(console, ports.openSocket(place));
    log(`the web console listens on https://${place.address}:${place.port} (${place.device})`);
    return { place, console };
  }

  function follow(): void {
    wanted = placeNow();
    void settle();
  }
  controller.ledger.onRecord(() => {
    feed.news();
    follow();
  });
  follow();

  return {
    place: () => standing?.place,
    async close() {
      open = false;
      retry?.();
      sessions.close();
      await standing?.console.close();
    },
  };
}

function listen({ server }: ConsoleServer, fd: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen({ fd }, () => {
      server.off('error', failed);
      done();
    });
  });
}
