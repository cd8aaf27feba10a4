import { missingReplies, type Watches, watchReplies } from '../../core/lint/replies.ts';
import { countersOf } from '../../core/stats/index.ts';
import type { PairDocument, RealServer } from '../../model/document.ts';
import { parseIp } from '../../model/net.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Alarms } from './alarms.ts';
import type { Checks } from './checks.ts';
import { isServerUp } from './serverAlarms.ts';
import type { Statistics } from './statistics.ts';

const LOOK_MS = 5000;
/** Alarms at a time; who has given every server the wrong route sees enough in these. */
const MAX_ALARMS = 16;

/**
 * Looks every 5 s, in the last reading of the kernel's table, for servers whose answers do not come back through this box.
 * UDP is left out, because it may be meant to have no answers; so is a server that is down, because it has none.
 */
export function watchServerReplies(
  {
    statistics,
    checks,
    alarms,
  }: { statistics: Pick<Statistics, 'state'>; checks: Pick<Checks, 'isUp'>; alarms: Alarms },
  clock: Clock,
  document: () => PairDocument | undefined,
): Close {
  let watches: Watches = new Map();
  let timer: Cancel;

  const look = (): void => {
    timer = clock.at(clock.now() + LOOK_MS, look);
    const current = document();
    if (current === undefined) return;
    const servers = answering(current, checks);
    const state = statistics.state();
    const looks = [...servers.keys()].flatMap((name) => {
      const row = state.layout.rowOf.get(name);
      return row === undefined ? [] : [{ name, ...countersOf(state, row) }];
    });
    watches = watchReplies(watches, looks, clock.now());
    const missing = missingReplies(watches).slice(0, MAX_ALARMS);
    for (const name of missing) {
      alarms.set({ code: 'replies-missing', subject: name, text: textOf(name, servers.get(name)!, current) }, true);
    }
    alarms.keepOnly('replies-missing', new Set(missing));
  };

  timer = clock.at(clock.now() + LOOK_MS, look);
  return () => timer();
}

/** The servers that should answer through this box, by the names of the statistics. */
function answering(document: PairDocument, checks: Pick<Checks, 'isUp'>): Map<string, RealServer> {
  const found = new Map<string, RealServer>();
  for (const service of document.services) {
    if (service.protocol === 'udp') continue;
    for (const server of service.servers) {
      if (server.forwarding !== 'masquerade' || !isServerUp(checks, service, server)) continue;
      found.set(`${service.name}/${server.name}`, server);
    }
  }
  return found;
}

function textOf(name: string, { address, port }: RealServer, { floats }: PairDocument): string {
  const six = parseIp(address)?.family === 6;
  const route = (six ? floats.private.address6 : floats.private.address)?.split('/')[0] ?? 'the private float';
  return (
    `server ${name} (${address}:${port}) is sent packets and none comes back through this box: its default route should ` +
    `be ${route}, and clients in its own network are answered past this box`
  );
}
