import type { Drifted, Finding } from '../../model/drift.ts';
import { driftAtStart, driftSince, type Left } from './drift.ts';
import { type Facts, factName, factsOf, wantedFacts } from './facts.ts';
import { fightAlarm, noted } from './fights.ts';
import type { ReconcileEffect, ReconcileState } from './state.ts';
import type { DesiredState, Observation } from './types.ts';

export interface Judged {
  readonly state: ReconcileState & { readonly facts: Facts };
  /** What is to be repaired of what this look has found. */
  readonly repair: readonly Finding[];
  readonly effects: readonly ReconcileEffect[];
}

const NAUGHT: ReadonlySet<string> = new Set();

const nameOf = ({ kind, subject }: Finding): string => factName(kind, subject);

/** Says of one look what another tool has done, and sorts it: to be repaired, or left alone while a hold stands. */
export function judge(state: ReconcileState, desired: DesiredState, observation: Observation, now: number): Judged {
  const facts = factsOf(desired, observation);
  let made: Facts | undefined;
  const wanted = (): Facts => {
    made ??= wantedFacts(desired);
    return made;
  };
  const findings =
    state.facts === undefined ? driftAtStart(facts, wanted()) : driftSince(state.facts, facts, wanted, state.touched);
  const seen = { ...state, facts, touched: NAUGHT, left: stillLeft(state.left, facts, wanted) };
  if (state.held) {
    const effects: ReconcileEffect[] = [];
    if (findings.length > 0) {
      const drifted = findings.map((finding): Drifted => ({ ...finding, done: 'held', why: '' }));
      effects.push({ type: 'drifted', drifted });
    }
    return { state: { ...seen, left: joined(seen.left, findings) }, repair: [], effects };
  }
  const fights = noted(state.fights, findings, now);
  const [before, after] = [fightAlarm(state.fights), fightAlarm(fights)];
  const effects: ReconcileEffect[] = [];
  if (after !== undefined && after.text !== before?.text) effects.push({ type: 'alarm', alarm: after, raised: true });
  if (after === undefined && before !== undefined) effects.push({ type: 'alarm', alarm: before, raised: false });
  const open = joined(state.open, findings);
  const fresh = findings.length === 0 ? state.fresh : [...state.fresh, ...findings];
  return { state: { ...seen, fights, open, fresh }, repair: findings, effects };
}

/** The first finding of a name says what we had. */
function joined(known: Left, findings: readonly Finding[]): Left {
  if (findings.length === 0) return known;
  const next = new Map(known);
  for (const finding of findings) {
    const old = next.get(nameOf(finding));
    next.set(nameOf(finding), old === undefined ? finding : { ...finding, before: old.before });
  }
  return next;
}

/** What has been put right by hand, or has come to be asked for, is ours again. */
function stillLeft(left: Left, facts: Facts, wanted: () => Facts): Left {
  if (left.size === 0) return left;
  return new Map([...left].filter(([name]) => facts.get(name) !== wanted().get(name)));
}

/** What became of the drift that was to be repaired, when a look finds nothing more to do. */
export function outcome({ open, facts, desired }: ReconcileState): Drifted[] {
  if (open.size === 0 || desired === undefined) return [];
  const wanted = wantedFacts(desired);
  return [...open].map(([name, finding]) => {
    const leaving = facts?.has(name) === true && !wanted.has(name);
    return { ...finding, done: leaving ? 'leaving' : 'repaired', why: '' };
  });
}
