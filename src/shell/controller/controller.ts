import { adoptedVerdicts, checkNames, checksOf } from '../../core/health/index.ts';
import { type DesiredState, desiredState } from '../../core/reconcile/index.ts';
import { newer } from '../../core/replicate/index.ts';
import { TandemError } from '../../model/error.ts';
import type { Lane } from '../../model/lane.ts';
import { revisionName, type TwinPatch, type TwinRevision } from '../../model/twin.ts';
import type { Close } from '../../ports/clock.ts';
import type { RevisionHead } from '../../ports/store.ts';
import type { TwinPlace } from '../../ports/twin.ts';
import { createAnswers } from '../replicate/answers.ts';
import { createReplicator, type Replicator, stampOf } from '../replicate/replicator.ts';
import { type Acceptance, type Accepted, type Active, createAcceptance } from './active.ts';
import { type AdminPassword, createAdminPassword } from './adminPassword.ts';
import { createAlarmBook } from './alarmBook.ts';
import { type Alarms, createAlarms } from './alarms.ts';
import { watchChecker } from './checkerWatch.ts';
import { type Checks, createChecks, type VerdictChange } from './checks.ts';
import { createDrains, type Drains } from './drains.ts';
import { createDriftBook, type DriftBook } from './driftBook.ts';
import { createDriftHolding, type DriftHolding } from './driftHold.ts';
import { createEndings } from './endings.ts';
import { createTableFacts, factsOf, type TableFacts } from './facts.ts';
import { createGathering } from './gathering.ts';
import { createHealthExchange } from './healthExchange.ts';
import { createLaneFile } from './laneFile.ts';
import { createLaneKeeper, type LaneKeeper } from './laneKeeper.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLint, type Lint } from './lint.ts';
import { createPatching, type PatchingParts } from './patching.ts';
import type { ControllerPorts } from './ports.ts';
import { createPulse } from './pulse.ts';
import { createReconciler, type Reconciler, type Settled } from './reconciler.ts';
import { watchServerReplies } from './repliesWatch.ts';
import { nextRevision, stored, storeNext } from './revisions.ts';
import { isServerUp, updateServerAlarms } from './serverAlarms.ts';
import { sourceFor } from './sourceFor.ts';
import { createStatistics, type Statistics } from './statistics.ts';
import { createTidyUp } from './tidyUp.ts';
import { createTurns } from './turns.ts';
import { createTwinJudge } from './twinJudge.ts';
import { createUses, type Uses } from './uses.ts';
import { createVerdictBook } from './verdicts.ts';

/** From a verdict that turns until the kernel hears of it, with all that turn meanwhile, ms. */
const GATHER_MS = 5;
/** Changes that may wait for their turn. */
const MAX_WAITING = 8;

/** The living parts, as request handlers use them. */
export interface Controller {
  readonly ports: ControllerPorts;
  readonly adminPassword: AdminPassword;
  readonly alarms: Alarms;
  readonly checks: Checks;
  readonly drains: Drains;
  readonly uses: Uses;
  readonly ledger: Ledger;
  readonly driftBook: DriftBook;
  readonly driftHolding: DriftHolding;
  readonly lane: LaneKeeper;
  readonly lint: Lint;
  readonly reconciler: Reconciler;
  readonly statistics: Statistics;
  readonly tableFacts: TableFacts;
  readonly replicator: Replicator;
  /** One change at a time, the operator's and the twin's. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  active(): Active | undefined;
  /** @throws TandemError `bad-document` with every fault that was found */
  accept(text: string): Accepted;
  /** What this box's kernel should hold for a document, by what the checks say now. */
  desiredFor(accepted: Pick<Accepted, 'document' | 'lane'>): DesiredState;
  /** Writes a document as this box's next revision. @throws TandemError `io`; nothing is changed then. */
  store(accepted: Accepted, text: string, author: string): RevisionHead;
  /** Puts a stored document into force: lane, checks and kernel. Rejects with TandemError `io`. */
  enact(accepted: Accepted, revision: RevisionHead): Promise<Settled | undefined>;
  readonly patching: PatchingParts;
  /** Carries what operators have drained or enabled to the kernel. */
  heedOperators(): Settled | undefined;
  /** Ends every timer and subscription; the kernel stays as it is. */
  readonly close: Close;
}

/**
 * Starts on whatever the store holds, or on `seed` when it is empty. What the kernel already has is adopted: servers in use
 * count as up until a check proves otherwise, and what is right is not touched.
 * Rejects with TandemError `kernel-refused` or `io`.
 */
export async function createController(ports: ControllerPorts, seed: string | undefined): Promise<Controller> {
  const { clock, kernel, store } = ports;
  const ledger = createLedger(ports);
  const alarmBook = createAlarmBook(clock, ledger);
  const alarms = createAlarms((alarm, raised) => {
    // A server's turn is in the ledger already, with its reason.
    if (alarm.code !== 'server-down') alarmBook.add(alarm, raised);
  });
  const pulse = createPulse(ports.supervisor, clock);
  const acceptance = createAcceptance(ports, pulse.step);
  const accept: Acceptance['text'] = (text) => {
    // One that is only looked at shortens nothing for the one in force.
    pulse.expect(Math.max(text.length, active?.length ?? 0));
    return acceptance.text(text);
  };
  let active: Active | undefined;

  const drains = createDrains(store, clock, ports.node.name);
  const inTurn = createTurns(MAX_WAITING);
  const verdicts = createVerdictBook(clock, ledger, () => active?.document);
  const checks = createChecks(ports.prober, clock, {
    verdict: onVerdict,
    news: () => gathering.news(),
    sourceFor: (address) => active && sourceFor(active.lane, address),
  });
  const uses = createUses(
    checks,
    drains,
    alarms,
    clock,
    () => {
      if (active !== undefined) reconciler.want(desiredFor(active), 'ramp');
    },
    ({ name }) => healthExchange.ownersWord(name),
  );
  const healthExchange = createHealthExchange({
    node: ports.node.name,
    clock,
    checks,
    alarms,
    file: ports.healthFile,
    tell: ports.channel.tell,
    lost: uses.lost,
    owns: () => lane.owns(),
    changed: () => gathering.news(),
  });
  const watch = watchChecker(checks, clock, alarms);
  const statistics = createStatistics(ports.history, clock, alarms);
  const replies = watchServerReplies({ statistics, checks, alarms }, clock, () => active?.document);
  const lint = createLint(ports, clock, alarms, () => active);
  const tableFacts = createTableFacts(clock);
  const driftBook = createDriftBook(store, clock, ports.log);
  const reconciler = createReconciler(kernel, clock, {
    step: pulse.step,
    record: (kind, text, lines) => ledger.record(kind, text, lines),
    alarm: alarms.set,
    drifted: driftBook.add,
    observed(ipvs) {
      statistics.observed(ipvs);
      tableFacts.observed(ipvs);
    },
    settled: onSettled,
  });
  const driftHolding = createDriftHolding(ports, alarms, ledger, reconciler.hold);
  const twinJudge = createTwinJudge({
    clock,
    channel: ports.channel,
    own: () => factsOf({ ports, active: () => active, reconciler, checks, tableFacts }),
    owns: () => lane.owns(),
    preferred: () => active?.lane.preference?.node,
    log: ports.log,
  });
  const endings = createEndings(ports.takeEndings, clock, ledger);
  endings.look();
  const lane = createLaneKeeper(
    ports,
    clock,
    () => reconciler.state().verified,
    alarms.list,
    twinJudge.against,
    endings.look,
    ports.channel.twinHeard,
  );

  const tidyUp = createTidyUp(ports.compact, clock);
  const laneFile = createLaneFile(ports, lane, clock, alarms);

  function onVerdict(change: VerdictChange): void {
    verdicts.add(change);
    gathering.news();
  }

  const gathering = createGathering(clock, GATHER_MS, () => {
    if (active === undefined) return;
    updateServerAlarms(active.document, checks, alarms);
    uses.update(active.document);
    healthExchange.turned();
    reconciler.want(desiredFor(active), 'health');
  });

  function onSettled(round: Settled): void {
    const { failures, left } = reconciler.state();
    driftHolding.show(left.size);
    pulse.round(round.ok, round.ok ? 0 : failures);
    if (round.steps.length === 0 && round.reason === 'sweep') return;
    if (round.ok && round.repaired > 0 && (round.reason === 'sweep' || round.reason === 'notification')) {
      // The ledger of drift tells it, and knows how to be short where another tool fights.
      lane.report();
      return;
    }
    // Ten steps for each server that returns are no news: its return is.
    if (round.ok && round.reason === 'ramp') return;
    if (round.steps.length > 0 || round.reason === 'start' || round.reason === 'document') {
      const outcome = round.ok ? 'and the kernel holds it' : 'and the kernel does not hold it';
      ledger.record('reconciled', `${round.reason}: ${round.steps.length} steps, ${outcome}`, round);
      lane.report();
    }
  }

  const desiredFor: Controller['desiredFor'] = (accepted) =>
    desiredState(
      accepted.document,
      accepted.lane,
      (service, server) => isServerUp(checks, service, server),
      drains.has,
      uses,
    );

  /** A document that does not read any more stands on the disk and is not in force. */
  const newest = (): RevisionHead | undefined => active?.revision ?? store.revisions()[0];

  const patching = createPatching(
    { ports, acceptance, reconciler, checks, drains, uses, next },
    (accepted, revision) => {
      active = { ...accepted, revision };
      healthExchange.follow(checkNames(accepted.document), accepted.digest);
      statistics.follow(accepted.document);
      return laneFile.put(accepted.lane);
    },
  );

  function next(accepted: Accepted, author: string): RevisionHead {
    return nextRevision(ports, accepted, author, newest());
  }

  function put(accepted: Accepted, revision: RevisionHead, reason: 'start' | 'document'): Settled | undefined {
    healthExchange.follow(checkNames(accepted.document), accepted.digest);
    const table = reason === 'start' ? kernel.ipvs.read() : undefined;
    if (table !== undefined) uses.adopt(accepted.document, table);
    const adopted = table === undefined ? {} : adoptedVerdicts(accepted.document, table, drains.has);
    active = { ...accepted, revision };
    if (reason === 'start') statistics.follow(accepted.document);
    const known = reason === 'start' ? healthExchange.recall(adopted) : undefined;
    checks.replace(checksOf(accepted.document), adopted, known);
    pulse.step();
    healthExchange.replaced();
    updateServerAlarms(accepted.document, checks, alarms);
    uses.update(accepted.document);
    lint.follow();
    pulse.step();
    const settled = reconciler.want(desiredFor(active), reason);
    tidyUp.after(accepted.document.services.reduce((sum, { servers }) => sum + servers.length, 0));
    if (reason === 'document') {
      // The kernel does not wait for what it does not need.
      statistics.follow(accepted.document);
      ports.channel.follow(placeOf(accepted.lane));
    }
    return settled;
  }

  async function enact(accepted: Accepted, revision: RevisionHead): Promise<Settled | undefined> {
    await laneFile.put(accepted.lane);
    return put(accepted, revision, 'document');
  }

  function heedOperators(): Settled | undefined {
    if (active === undefined) return undefined;
    uses.update(active.document);
    return reconciler.want(desiredFor(active), 'operator');
  }

  async function take(said: TwinRevision | TwinPatch, stored: () => void): Promise<void> {
    const { stamp, author, at } = said;
    const latest = newest();
    if (latest !== undefined && !newer(stamp, stampOf(latest))) return;
    const accepted = said.do === 'patch' ? withTwinsPatch(said) : accept(said.text);
    const { number, node, digest, lineage, seed } = stamp;
    const revision = { number, node, digest, lineage, author: seed ? 'seed' : author, at };
    if (said.do === 'patch') store.addPatched(revision, said.base, said.patch);
    else store.addRevision({ ...revision, text: said.text });
    ledger.record('taken', `${revisionName(stamp)} by ${author}`, { digest });
    stored();
    await enact(accepted, revision);
  }

  /** @throws TandemError `refused` when this box has another base after all: the twin sends the whole then. */
  function withTwinsPatch({ base, stamp, patch }: TwinPatch): Accepted {
    if (active === undefined || active.digest !== base.digest)
      throw new TandemError('refused', `what ${revisionName(stamp)} was made on is not in force here`);
    const accepted = patching.complete(patching.judge(active, patch));
    if (accepted.digest !== stamp.digest)
      throw new TandemError('refused', `${revisionName(stamp)} comes out otherwise here`);
    return accepted;
  }

  const found = stored(ports, accept, seed, ledger);
  const replicator = createReplicator({
    node: ports.node.name,
    clock,
    store,
    tell: ports.channel.tell,
    take: (revision, done) => inTurn(() => take(revision, done)),
    keep(uses) {
      drains.take(uses);
      for (const { server, drained, author, node } of uses) {
        ledger.record(drained ? 'drained' : 'enabled', `${server} by ${author} on ${node}`, { server });
      }
      heedOperators();
    },
    record: ledger.record,
    differs: (text) => alarms.set({ code: 'revision-differs', subject: '', text: text ?? '' }, text !== undefined),
  });
  if (found === undefined) pulse.idle();
  else {
    put(found.accepted, found.revision, 'start');
    await laneFile.keep(found.accepted.lane);
  }

  const controller: Controller = {
    ports,
    adminPassword: createAdminPassword(ports.password),
    alarms,
    checks,
    drains,
    uses,
    ledger,
    driftBook,
    driftHolding,
    lane,
    lint,
    reconciler,
    statistics,
    tableFacts,
    replicator,
    inTurn,
    active: () => active,
    accept,
    desiredFor,
    heedOperators,
    store: (accepted, text, author) => storeNext(ports, accepted, text, author, newest()),
    enact,
    patching,
    close() {
      gathering.close();
      healthExchange.close();
      replicator.close();
      reconciler.close();
      driftHolding.close();
      driftBook.close();
      watch();
      replies();
      lint.close();
      uses.close();
      statistics.close();
      checks.close();
      verdicts.close();
      alarmBook.close();
      lane.close();
      endings.close();
      laneFile.close();
      tidyUp.close();
      twinJudge.close();
      pulse.close();
      store.close();
    },
  };
  ports.channel.attach({
    opened() {
      replicator.opened();
      healthExchange.opened();
    },
    closed() {
      replicator.closed();
      healthExchange.closed();
    },
    heard: (message) => (message.do === 'health' ? healthExchange.heard(message) : replicator.heard(message)),
    asked: createAnswers(controller),
  });
  if (found !== undefined) ports.channel.follow(placeOf(found.accepted.lane));
  return controller;
}

/** The channel stands beside the beats of the private NIC, on TCP under the same number. */
const placeOf = ({ node, nics, peer, port }: Lane): TwinPlace => ({
  node,
  device: nics.private.device,
  own: nics.private.address,
  twin: peer.private,
  port,
});
