import * as z from 'zod';
import {
  byServiceId,
  describePlan,
  factsOf,
  type Impact,
  impactOf,
  planAll,
  serviceId,
  without,
} from '../../core/reconcile/index.ts';
import type {
  ApplyResult,
  ControllerRequest,
  DrainResult,
  EventsResult,
  HoldResult,
  LintResult,
  PasswordResult,
  PlanResult,
  ShowResult,
  TimelineResult,
} from '../../model/control.ts';
import type { RealServer, VirtualService } from '../../model/document.ts';
import { TandemError } from '../../model/error.ts';
import { told } from '../../model/lint.ts';
import { kernelKey } from '../../model/service.ts';
import type { Controller } from './controller.ts';
import { findServer, serverName } from './drains.ts';
import { answerDrift } from './driftRequests.ts';
import { handOver, passedOn, planHandOver } from './handOver.ts';
import { droppedBy, observe } from './kernel.ts';
import { guardLogin, warningsFor } from './loginGuard.ts';
import { pastOf } from './pastOf.ts';
import { isServerUp } from './serverAlarms.ts';
import { setField } from './setField.ts';
import { statusOf } from './statusOf.ts';
import { topOf } from './topOf.ts';

const said = z.object({ text: z.string() });
/** The twin reads its records from the disk. */
const TWIN_MS = 3_000;
/** Answered when the hold is on the disk. */
const HOLD_MS = 10_000;

type Asked<Do extends ControllerRequest['do']> = Extract<ControllerRequest, { do: Do }>;

/**
 * Answers the controller's socket. The returned function resolves with the `result` of an answer.
 * It rejects with TandemError; a refused request has changed nothing, unless the message says so.
 */
export function createRequests(controller: Controller): (request: ControllerRequest) => Promise<unknown> {
  const { ports, ledger, lane, reconciler, replicator, inTurn } = controller;

  async function apply({ text, author, login, force }: Asked<'apply'>): Promise<ApplyResult> {
    const accepted = controller.accept(text);
    const warnings = warningsFor(controller, accepted, login);
    if (force !== true) guardLogin(controller, accepted, login);
    const before = controller.active();
    const same = before !== undefined && before.digest === accepted.digest;
    const revision = same ? before.revision : controller.store(accepted, text, author);
    if (!same) ledger.record('applied', `revision ${revision.number} by ${author}`, { digest: accepted.digest });
    const uses =
      same || before === undefined ? [] : controller.drains.forget(before.document, accepted.document, author);
    // Before it is in force here: a document may move the address that the channel stands on.
    const [spread] = await Promise.all([replicator.spread(revision), replicator.spreadUses(uses)]);
    const round = await controller.enact(accepted, revision);
    return {
      revision: revision.number,
      digest: accepted.digest,
      changed: !same,
      steps: round?.steps ?? [],
      ...spread,
      refused: (round?.refused ?? []).map((refusal) => `${refusal.step}: ${refusal.text}`),
      warnings,
    };
  }

  function plan({ text, login }: Asked<'plan'>): PlanResult {
    const accepted = controller.accept(text);
    const desired = controller.desiredFor(accepted);
    const observation = observe(ports.kernel, desired);
    const { drains, left } = reconciler.state();
    const full = planAll(desired, observation, drains, ports.clock.now());
    const planned = without(full.plan, left, factsOf(desired, observation));
    const touched = impactOf(planned, observation.ipvs);
    const count = (effect: Impact['effect']): number =>
      touched.reduce((sum, impact) => sum + (impact.effect === effect ? impact.connections : 0), 0);
    return {
      digest: accepted.digest,
      changed: controller.active()?.digest !== accepted.digest,
      steps: describePlan(planned),
      breaks: count('cut'),
      drains: count('quiesced'),
      warnings: warningsFor(controller, accepted, login),
    };
  }

  function show(number: number | undefined): ShowResult {
    const { store } = ports;
    const revision = number === undefined ? store.latest() : store.revision(number);
    if (revision !== undefined) {
      const { author, at, digest, text } = revision;
      return { revision: revision.number, author, at, digest, text };
    }
    if (number === undefined) {
      throw new TandemError('not-configured', 'no document was applied yet', {
        remedy: 'apply one: tandem apply FILE',
      });
    }
    const newest = store.latest()?.number ?? 0;
    throw new TandemError('not-found', `there is no revision ${number}`, { remedy: `the newest is ${newest}` });
  }

  async function hold(request: Extract<ControllerRequest, { do: 'hold' | 'resume' }>): Promise<HoldResult> {
    const result = said.parse(passedOn(await ports.askLane(request, HOLD_MS)));
    const why = request.do === 'hold' && request.reason !== '' ? `: ${request.reason}` : '';
    ledger.record(request.do === 'hold' ? 'held' : 'resumed', `${result.text} (${request.by}${why})`, null);
    return result;
  }

  async function use(name: string, drained: boolean, author: string): Promise<DrainResult> {
    const active = controller.active();
    if (active === undefined) {
      throw new TandemError('not-configured', 'no document was applied yet', {
        remedy: 'apply one: tandem apply FILE',
      });
    }
    const { service, server } = findServer(active.document, name);
    const said = controller.drains.set(name, drained, author);
    const changed = said !== undefined;
    if (changed) ledger.record(drained ? 'drained' : 'enabled', `${name} by ${author}`, { server: name });
    const round = changed ? controller.heedOperators() : undefined;
    const standingWord = controller.drains.get(name);
    const spread = await replicator.spreadUses(standingWord === undefined ? [] : [standingWord]);
    const refused = (round?.refused ?? []).map((refusal) => `the kernel refused: ${refusal.step}: ${refusal.text}`);
    const standing = byServiceId(ports.kernel.ipvs.read().services)
      .get(serviceId(kernelKey(service)))
      ?.destinations.find((entry) => entry.address === server.address && entry.port === server.port);
    return {
      server: name,
      drained,
      changed,
      connections: standing?.active ?? 0,
      ...spread,
      warnings: [...refused, ...forUse(service, server, drained)],
    };
  }

  async function setPassword(password: string, author: string): Promise<PasswordResult> {
    const replaced = controller.adminPassword.isSet();
    await controller.adminPassword.set(password);
    ledger.record('password', `the admin password was ${replaced ? 'changed' : 'set'} by ${author}`, null);
    return { replaced };
  }

  function forUse(service: VirtualService, server: RealServer, drained: boolean): string[] {
    const up = (entry: RealServer): boolean => isServerUp(controller.checks, service, entry);
    if (!drained) {
      if (!up(server))
        return [`${serverName(service, server)} is down: it gets no connections until its check succeeds`];
      return server.weight > 0 ? [] : [`its weight in the document is 0: it gets no connections until that is changed`];
    }
    const left = service.servers.some(
      (entry) => up(entry) && entry.weight > 0 && !controller.drains.has(service, entry),
    );
    return left ? [] : [`${service.name} has no other server in use: its new clients are refused`];
  }

  return async (request) => {
    switch (request.do) {
      case 'status': {
        const { services: wanted } = request;
        const table = wanted?.length === 0 ? { services: [] } : ports.kernel.ipvs.read();
        const laneStatus = await lane.status();
        return statusOf(
          controller.active(),
          wanted,
          table,
          controller.checks,
          controller.drains,
          controller.uses,
          laneStatus,
          controller.alarms.list(),
          controller.lint.list(),
          droppedBy(ports.kernel.guard),
        );
      }
      case 'show':
        return show(request.revision);
      case 'plan':
        return plan(request);
      case 'apply':
        return inTurn(() => apply(request));
      case 'lint': {
        const accepted = request.text === undefined ? undefined : controller.accept(request.text);
        const warnings = accepted === undefined ? [] : warningsFor(controller, accepted, undefined);
        const findings = (await controller.lint.look()).map(told);
        return { node: ports.node.name, findings, warnings } satisfies LintResult;
      }
      case 'set': {
        const asked = ports.clock.now();
        return inTurn(() => setField(controller, request, asked));
      }
      case 'events':
        return ports.store.events(request.limit) satisfies EventsResult;
      case 'timeline':
        return {
          node: ports.node.name,
          records: [...(await ports.records.read(request.last))],
        } satisfies TimelineResult;
      case 'top': {
        const { checks, drains, statistics } = controller;
        const role = (await lane.status())?.role ?? 'unknown';
        const now = ports.clock.wall();
        return topOf(controller.active(), statistics.state(), checks, drains, role, request.limit, now);
      }
      case 'stats': {
        const { series, since, points } = request;
        const document = controller.active()?.document;
        return pastOf(ports.history, document, series, since, points, ports.clock.wall());
      }
      case 'twin':
        return ports.channel.ask(request.question, TWIN_MS);
      case 'hand-over':
        return handOver(controller, request.force === true);
      case 'hand-over-plan':
        return planHandOver(controller);
      case 'hold':
      case 'resume':
        return hold(request);
      case 'drift':
        return answerDrift(controller, request);
      case 'drift-hold':
      case 'drift-resume':
        return inTurn(async () => answerDrift(controller, request));
      case 'drain':
      case 'enable':
        return inTurn(() => use(request.server, request.do === 'drain', request.author));
      case 'password':
        return setPassword(request.password, request.author);
    }
  };
}
