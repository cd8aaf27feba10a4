import { clientFindings, type SeenClients, servicesBeside, watchClients } from '../../core/lint/clients.ts';
import { mtuOfSides, mtuOfTunnels, mtuOfTwins } from '../../core/lint/mtu.ts';
import { type NicLook, type NicWatch, negotiated, nicTroubles, watchNic } from '../../core/lint/nic.ts';
import { asymmetric, strictFilters } from '../../core/lint/routing.ts';
import { sharedServers } from '../../core/lint/sharing.ts';
import { behindGateway, cables, duplicates, wireQuestions } from '../../core/lint/wire.ts';
import type { Fault } from '../../model/error.ts';
import { fault } from '../../model/faults.ts';
import { type Finding, inOrder, isLintAlarm, LINT, LINT_CODES } from '../../model/lint.ts';
import { peerOf, SIDES } from '../../model/pair.ts';
import { type TwinNics, twinNicsSchema } from '../../model/twin.ts';
import type { Cancel, Clock, Close } from '../../ports/clock.ts';
import type { Accepted } from './active.ts';
import type { Alarms } from './alarms.ts';
import type { ControllerPorts } from './ports.ts';

/** Between two looks at the NICs' counters, ms. */
const NIC_MS = 10_000;
/** Each so many of them also at clients, routes and the twin's NICs. */
const ROUNDS = 6;
/** Between two rounds of questions on the wires, ms; the shorter while they found something. */
const WIRE_MS = 300_000;
const WIRE_AGAIN_MS = 30_000;
/** From a document that came into force to the first of them: addresses and carriers have come up by then. */
const WIRE_FIRST_MS = 5_000;
/** How long answers on a wire are waited for, ms. */
const ANSWERS_MS = 1_000;
const TWIN_MS = 2_000;
/** Findings of one source, and alarms of one code. */
const MAX_FINDINGS = 32;
const MAX_ALARMS = 8;

type Source = 'document' | 'nics' | 'twin' | 'clients' | 'routes' | 'wires';

export interface Lint {
  /** What stands, as last looked at, in the order in which a person should look at it. */
  list(): readonly Finding[];
  /** Looks at everything now. Takes a second or two; asked for while it does so, it is done once. */
  look(): Promise<readonly Finding[]>;
  /** What a document that is not in force yet would bring, by its paths. */
  forewarn(accepted: Accepted): readonly Fault[];
  /** Another document is in force. */
  follow(): void;
  /** This box's data NICs, for the twin. */
  nics(): TwinNics;
  readonly close: Close;
}

/**
 * Looks every so often at what is amiss although the box serves, off the path of everything else. What is worth waking somebody
 * becomes an alarm.
 */
export function createLint(
  { eyes, kernel, channel, node }: Pick<ControllerPorts, 'eyes' | 'kernel' | 'channel' | 'node'>,
  clock: Clock,
  alarms: Alarms,
  active: () => Accepted | undefined,
): Lint {
  const found = new Map<Source, readonly Finding[]>();
  let watches: ReadonlyMap<string, NicWatch> = new Map();
  let clients: SeenClients = new Map();
  let twin: TwinNics | undefined;
  let looking: Promise<readonly Finding[]> | undefined;
  let rounds = 0;
  let open = true;
  let wireTimer: Cancel | undefined;

  const list = (): readonly Finding[] => inOrder([...found.values()].flat());

  function put(source: Source, findings: readonly Finding[]): void {
    found.set(source, findings.slice(0, MAX_FINDINGS));
    const all = list();
    for (const code of LINT_CODES) {
      if (!isLintAlarm(code)) continue;
      const raised = all.filter((finding) => finding.code === code).slice(0, MAX_ALARMS);
      for (const { subject, text } of raised) alarms.set({ code, subject, text }, true);
      alarms.keepOnly(code, new Set(raised.map(({ subject }) => subject)));
    }
  }

  /** A finding that a broken look cannot give is not one that has gone. */
  function attempt(look: () => void): void {
    try {
      look();
    } catch {
      // What the kernel does not tell now, it tells at the next look; reconcile says why.
    }
  }

  const nics = (): TwinNics => ({
    public: eyes.nic(node.public.device) ?? null,
    private: eyes.nic(node.private.device) ?? null,
  });

  const nicLooks = (own: TwinNics): NicLook[] =>
    SIDES.flatMap((side) => {
      const figures = own[side];
      return figures === null
        ? []
        : [{ side, device: node[side].device, own: figures, twin: twin?.[side] ?? undefined }];
    });

  function lookAtNics(): void {
    const looks = nicLooks(nics());
    watches = new Map(
      looks.map(({ device, own }) => [device, watchNic(watches.get(device), own, clock.now())] as const),
    );
    const current = active();
    put('nics', [
      ...negotiated(looks),
      ...nicTroubles(watches),
      ...mtuOfTwins(looks, peerOf(node.name)),
      ...mtuOfSides(looks),
      ...(current === undefined ? [] : mtuOfTunnels(current.document, looks)),
    ]);
  }

  function lookAtKernel({ document, lane }: Accepted): void {
    clients = watchClients(clients, eyes.connections(), document, clock.now());
    put('clients', clientFindings(clients));
    const names = ['all', ...new Set([node.public.device, node.private.device])];
    const filters = names.map(
      (name) => [name, kernel.sysctls.get(`net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter`)] as const,
    );
    put('routes', [...asymmetric(document, lane, kernel.network.routes()), ...strictFilters(new Map(filters))]);
  }

  /** A twin that does not answer, or of an earlier release, is not compared with. */
  async function askTwin(): Promise<void> {
    try {
      const answer = twinNicsSchema.safeParse(await channel.ask({ what: 'nics' }, TWIN_MS));
      twin = answer.success ? answer.data : undefined;
    } catch {
      twin = undefined;
    }
  }

  async function askWires(): Promise<void> {
    const before = active();
    if (before === undefined) return;
    const { lane } = before;
    const macs = new Set(kernel.network.links().map(({ mac }) => mac));
    const answers = (await eyes.whoHas(wireQuestions(lane), ANSWERS_MS)).filter(({ mac }) => !macs.has(mac));
    // What was asked for another document says nothing of this one.
    if (!open || active()?.lane !== lane) return;
    put('wires', [...duplicates(lane, answers), ...cables(lane, answers), ...behindGateway(lane, answers)]);
  }

  function armWires(inMs: number): void {
    wireTimer?.();
    const mine = clock.at(clock.now() + inMs, () => {
      const again = (): void => {
        // A document that came into force while answers were waited for has a look of its own, soon.
        if (open && wireTimer === mine) armWires((found.get('wires') ?? []).length > 0 ? WIRE_AGAIN_MS : WIRE_MS);
      };
      askWires().then(again, again);
    });
    wireTimer = mine;
  }

  async function lookAtAll(): Promise<readonly Finding[]> {
    await Promise.all([askTwin(), askWires().catch(() => {})]);
    attempt(lookAtNics);
    const current = active();
    if (current !== undefined) attempt(() => lookAtKernel(current));
    return list();
  }

  function round(): void {
    timer = clock.at(clock.now() + NIC_MS, round);
    attempt(lookAtNics);
    const current = active();
    if (rounds % ROUNDS === 0 && current !== undefined) {
      attempt(() => lookAtKernel(current));
      void askTwin();
    }
    rounds += 1;
  }

  let timer: Cancel = clock.at(clock.now() + NIC_MS, round);

  return {
    list,
    nics,
    look() {
      looking ??= lookAtAll().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    forewarn({ document }) {
      const { services } = document;
      const [beside, tight] = [servicesBeside(document), mtuOfTunnels(document, nicLooks(nics()))];
      return [
        ...beside.map(({ code, index, address }) =>
          fault(
            ['services', index, 'address'],
            address,
            `is in the servers’ own network: ${LINT[code].why}; ${LINT[code].remedy}`,
          ),
        ),
        ...tight.map(({ code, subject, text }) => {
          const index = services.findIndex(({ name }) => name === subject);
          return fault(['services', index, 'servers'], 'tunnel', `${text}: ${LINT[code].remedy}`);
        }),
      ].slice(0, MAX_FINDINGS);
    },
    follow() {
      const current = active();
      const beside = current === undefined ? [] : servicesBeside(current.document);
      put('document', [
        ...beside.map(({ code, subject, text }) => ({ code, subject, text })),
        ...(current === undefined ? [] : sharedServers(current.document)),
      ]);
      clients = new Map();
      put('clients', []);
      armWires(WIRE_FIRST_MS);
    },
    close() {
      open = false;
      timer();
      wireTimer?.();
    },
  };
}
