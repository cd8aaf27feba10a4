import type { DriftKind, Finding } from '../../model/drift.ts';
import type { IpvsStep } from '../../model/ipvs.ts';
import type { MarkStep } from '../../model/marks.ts';
import {
  addressSubject,
  DEFAULT_SUBJECT,
  type Facts,
  factName,
  GUARD,
  INTACT,
  MARK_TABLE,
  markName,
  splitFact,
} from './facts.ts';
import { drainKey, serviceId } from './keys.ts';
import type { NetworkStep, Plan } from './types.ts';

/** Names whose change between two looks is, or may be, our own doing. */
export type Touched = ReadonlySet<string>;

/** Of these a name without a value is one that is not in the kernel, and not one that nobody looked at. */
const COMES_AND_GOES: ReadonlySet<DriftKind> = new Set(['service', 'server', 'daemon', 'mark', 'firewall']);

const ofKind = (kind: DriftKind): string => factName(kind, '');

/** A step of one of these may change others of its kind: the kernel sets redirects anew with ip_forward, a NIC takes its routes along. */
const ENTANGLED: Readonly<Partial<Record<DriftKind, readonly DriftKind[]>>> = {
  sysctl: ['sysctl'],
  link: ['link', 'address', 'route'],
  address: ['link', 'address', 'route'],
  route: ['link', 'address', 'route'],
};

function ipvsName(step: IpvsStep): string {
  switch (step.op) {
    case 'add-service':
    case 'edit-service':
    case 'delete-service':
      return factName('service', serviceId(step.service));
    case 'add-destination':
    case 'edit-destination':
    case 'delete-destination':
      return factName('server', drainKey(step.service, step.destination));
    case 'start-daemon':
    case 'stop-daemon':
      return factName('daemon', step.daemon.role);
    case 'set-timeouts':
      return ofKind('timeouts');
  }
}

const markStepName = (step: MarkStep): string =>
  step.op === 'make-marks' || step.op === 'drop-marks' ? MARK_TABLE : markName(step.entry);

/** What a plan changes, or may change along with it. */
export function touchedBy(plan: Plan): Touched {
  const touched = new Set<string>();
  const entangled = (kind: DriftKind): void => {
    for (const other of ENTANGLED[kind] ?? []) touched.add(ofKind(other));
  };
  if (plan.sysctls.length > 0) entangled('sysctl');
  if (plan.network.length > 0) entangled('link');
  for (const step of plan.marks) {
    const name = markStepName(step);
    touched.add(name === MARK_TABLE ? ofKind('mark') : name);
  }
  if (plan.guard.length > 0) touched.add(GUARD);
  for (const step of plan.ipvs) touched.add(ipvsName(step));
  return touched;
}

const isTouched = (touched: Touched, name: string, kind: DriftKind): boolean =>
  touched.has(name) || touched.has(ofKind(kind));

/** A table that is not as written takes its entries with it: it is told of, and they are not. */
const marksMean = (...sides: readonly (Facts | undefined)[]): boolean =>
  sides.every((facts) => facts?.get(MARK_TABLE) === INTACT);

/**
 * What differs from what we left, though no step of ours touched it, and is not as it should be now. It compares with the
 * last look and not with the desired state: a desired state that has just changed, and a step that was refused, are our own
 * unfinished work.
 */
export function driftSince(before: Facts, found: Facts, wanted: () => Facts, touched: Touched): Finding[] {
  const names: string[] = [];
  for (const [name, value] of found) if (before.get(name) !== value) names.push(name);
  for (const name of before.keys()) if (!found.has(name)) names.push(name);
  if (names.length === 0) return [];
  const marks = marksMean(before, found);
  const should = wanted();
  return names.flatMap((name) => {
    const { kind, subject } = splitFact(name);
    if (isTouched(touched, name, kind) || found.get(name) === should.get(name)) return [];
    if (!COMES_AND_GOES.has(kind) && !(before.has(name) && found.has(name))) return [];
    if (kind === 'mark' && name !== MARK_TABLE && !marks) return [];
    return [{ kind, subject, before: before.get(name), found: found.get(name), atStart: false }];
  });
}

/**
 * What a controller that starts finds otherwise than it should be. A kernel without any service is one that has just booted.
 * A server that nobody asks for and that gets nobody is one that was leaving when the former controller ended; one that has a part
 * of its weight was in a slow start, which has gone on meanwhile.
 */
export function driftAtStart(found: Facts, wanted: Facts): Finding[] {
  if (![...found.keys()].some((name) => name.startsWith(ofKind('service')))) return [];
  const marks = marksMean(found, wanted);
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const { kind, subject } = splitFact(name);
    const [before, now] = [wanted.get(name), found.get(name)];
    if (before === now || (kind === 'mark' && name !== MARK_TABLE && !marks)) return [];
    if (kind === 'server' && before === undefined && / -w 0\b/.test(now ?? '')) return [];
    if (kind === 'server' && before !== undefined && now !== undefined && inSlowStart(now, before)) return [];
    return [{ kind, subject, before, found: now, atStart: true }];
  });
}

const WEIGHT = / -w (\d+)\b/;

/** Nothing differs but a weight that is less than it should be, and not 0. */
function inSlowStart(found: string, wanted: string): boolean {
  const [less, all] = [found, wanted].map((fact) => Number(WEIGHT.exec(fact)?.[1] ?? Number.NaN));
  return less! > 0 && less! < all! && found.replace(WEIGHT, '') === wanted.replace(WEIGHT, '');
}

/** By name. */
export type Left = ReadonlyMap<string, Finding>;

/** A plan that leaves alone what is in `left`, and whatever would not go without it. */
export function without(plan: Plan, left: Left, found: Facts): Plan {
  if (left.size === 0) return plan;
  const names = [...left.keys()];
  const has = (kind: DriftKind, subject: string): boolean => left.has(factName(kind, subject));
  const leftOut = (step: IpvsStep): boolean => {
    if (left.has(ipvsName(step))) return true;
    if (step.op === 'delete-service') {
      // The kernel would delete its servers, too.
      const servers = factName('server', `${serviceId(step.service)} > `);
      return names.some((name) => name.startsWith(servers) && found.has(name));
    }
    if (!('destination' in step)) return false;
    const service = factName('service', serviceId(step.service));
    return left.has(service) && !found.has(service);
  };
  const device = (step: NetworkStep): string =>
    step.op === 'up' ? step.device : step.op === 'set-address' ? step.address.device : step.route.device;
  const networkLeft = (step: NetworkStep): boolean => {
    if (has('link', device(step))) return true;
    if (step.op === 'set-route') return has('route', DEFAULT_SUBJECT);
    if (step.op === 'up') return false;
    return has('address', addressSubject(step.address));
  };
  return {
    // A name that is right is written again only because of one before it, which may be left out here.
    sysctls: plan.sysctls.filter(
      ({ name, value }) => !has('sysctl', name) && found.get(factName('sysctl', name)) !== value,
    ),
    network: plan.network.filter((step) => !networkLeft(step)),
    marks: left.has(MARK_TABLE) ? [] : plan.marks.filter((step) => !left.has(markStepName(step))),
    guard: left.has(GUARD) ? [] : plan.guard,
    ipvs: plan.ipvs.filter((step) => !leftOut(step)),
  };
}
