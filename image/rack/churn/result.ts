import type { NodeId } from '../../../src/model/pair.ts';
import type { LoadReport } from '../programs/load.ts';
import type { Cuts } from './judge.ts';
import type { Kind } from './plan.ts';

/** What `npm run rack -- churn --json` prints: one object. */
export interface ChurnResult {
  readonly seed: number;
  readonly minutes: number;
  readonly active: NodeId;
  /** Through the services that nobody touched. */
  readonly untouched: {
    readonly requests: number;
    readonly datagrams: number;
    readonly connections: LoadReport['connections'];
    /** Requests, datagrams and connections that failed, by reason; none is what is asked for. */
    readonly failures: Readonly<Record<string, number>>;
  };
  readonly touched: LoadReport['touched'];
  /** Connections that ended by themselves. */
  readonly cuts: Cuts;
  /** Changes that were answered, by kind. */
  readonly changes: Readonly<Partial<Record<Kind, number>>>;
  /** Mistakes that were refused, as they must be, and what was said. */
  readonly refused: Readonly<Record<string, number>>;
  /** What went against a bar beside figures: a mistake that was accepted, a change that was refused; a sentence each. */
  readonly wrong: readonly string[];
  /** Times that a question had to be asked again because its controller was killed. */
  readonly askedAgain: number;
  readonly kills: number;
  /** Times that there was no controller to be killed. */
  readonly missed: number;
  /** From a kill until the next controller answered, ms. */
  readonly back_ms: { readonly median: number; readonly longest: number };
  readonly takeovers: number;
  /** Terms that were begun. */
  readonly terms: number;
  readonly ok: boolean;
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);

/** What is wrong with a run of so many figures, a sentence each; empty when it is ok. */
export function complaints(result: Omit<ChurnResult, 'ok'>): string[] {
  const { untouched, cuts, takeovers, terms, wrong, changes } = result;
  const all = sum(changes);
  const failures = Object.entries(untouched.failures).map(([reason, count]) => `${count} ${reason}`);
  return [
    ...(untouched.requests === 0 ? ['nothing was asked of the services that nobody touches'] : []),
    ...(all === 0 ? ['no change was answered'] : []),
    ...(failures.length === 0 ? [] : [`failed on services that nobody touched: ${failures.join(', ')}`]),
    ...(cuts.drained === 0 ? [] : [`${cuts.drained} connections cut on drained servers before their deadline`]),
    ...(cuts.inUse === 0 ? [] : [`${cuts.inUse} connections cut on servers in use`]),
    ...(takeovers === 0 && terms === 0 ? [] : [`${takeovers} takeovers, ${terms} new terms`]),
    ...cuts.examples,
    ...wrong,
  ];
}

/** For people. */
export function told(result: ChurnResult): string[] {
  const { untouched, touched, cuts, changes, refused, kills, missed, back_ms, askedAgain } = result;
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const kinds = Object.entries(changes).map(([kind, count]) => `${count} ${kind}`);
  return [
    `churn: ${result.minutes} min, seed ${result.seed}: ${result.ok ? 'ok' : 'NOT ok'}`,
    `  not touched: ${untouched.requests} requests, ${untouched.datagrams} datagrams, ${untouched.connections.held} connections held; ${sum(untouched.failures)} failures`,
    `  touched: ${touched.opened} connections, ${touched.exchanges} exchanges; cut: ${cuts.drained} on drained servers, ${cuts.inUse} on servers in use, ${cuts.due} after the deadline`,
    `  changes: ${sum(changes)} (${kinds.join(', ')})`,
    `  mistakes refused: ${sum(refused)}`,
    ...Object.entries(refused).map(([words, count]) => `    ${count} × ${words}`),
    `  controller killed ${kills} times (${missed} times there was none), back after ${seconds(back_ms.median)} s, at most ${seconds(back_ms.longest)} s; ${askedAgain} questions asked again`,
    `  moves: ${result.takeovers} takeovers, ${result.terms} new terms`,
    ...complaints(result).map((complaint) => `  ${complaint}`),
  ];
}
