/**
 * What an outage is. This is the one place that says so.
 *
 * A probe is one fresh TCP request or one UDP datagram through the VIP. It is *answered* when its whole answer came
 * within `PATIENCE` ms; time during which the prober itself was not scheduled is taken off first (`waited`), because
 * an answer lying in the prober's socket is not the service's silence. Longer than that is no answer: a segment the
 * kernel sent again (200 ms at the least), or a packet that lay in a queue until somebody owned the float again, was
 * sent while nobody served.
 *
 * An outage is a gap between two answered probes of one kind with at least one unanswered probe in it. Its length is
 *     (send time of the first answered after it) - (send time of the last answered before it) - period,
 * so what one lost probe shows is one period, the resolution. TCP and UDP are judged apart and the worse one is the
 * figure: UDP that works does not excuse TCP that does not. Unanswered probes before the first answered one count from
 * their own send time; unanswered ones at the end count up to the last of them, and the service is not restored.
 *
 * A gap without any unanswered probe is no outage: the prober did not send. It is `blind` time, in which an outage of
 * at most that length could have hidden. So the true worst outage is at most the larger of the two figures, and a run
 * whose blind time exceeds its bar has proved nothing.
 */
export const PATIENCE = 50;

/** Times in ms on one monotonic clock. */
export interface Probe {
  /** Counts within one kind; a record with a number seen already is a duplicate of it. */
  readonly sequence: number;
  readonly sent: number;
  /** Net waiting time until the whole answer was there; undefined = none came. */
  readonly waited: number | undefined;
}

export interface Series {
  readonly kind: 'tcp' | 'udp';
  readonly period: number;
  readonly probes: readonly Probe[];
}

export interface Outage {
  readonly ms: number;
  /** Send times of the answered probes around it; at an edge of the record, of the unanswered one. */
  readonly from: number;
  readonly to: number;
  /** False when nothing was answered after it. */
  readonly restored: boolean;
}

const answered = (probe: Probe): boolean => probe.waited !== undefined && probe.waited <= PATIENCE;

/** In the order of sending, one record for each sequence: the best one when there are several. */
function ordered(probes: readonly Probe[]): Probe[] {
  const best = new Map<number, Probe>();
  for (const probe of probes) {
    const known = best.get(probe.sequence);
    if (known === undefined || (probe.waited ?? Infinity) < (known.waited ?? Infinity)) best.set(probe.sequence, probe);
  }
  return [...best.values()].sort((a, b) => a.sent - b.sent);
}

/** Every outage of one kind, in order. */
export function outages(series: Series): Outage[] {
  const found: Outage[] = [];
  let before: Probe | undefined;
  let firstMissed: Probe | undefined;
  let lastMissed: Probe | undefined;
  const close = (after: Probe | undefined) => {
    if (firstMissed === undefined || lastMissed === undefined) return;
    const from = before?.sent ?? firstMissed.sent;
    const to = after?.sent ?? lastMissed.sent;
    const whole = before !== undefined && after !== undefined;
    const ms = Math.max(0, to - from - (whole ? series.period : 0));
    found.push({ ms, from, to, restored: after !== undefined });
    firstMissed = undefined;
    lastMissed = undefined;
  };
  for (const probe of ordered(series.probes)) {
    if (answered(probe)) {
      close(probe);
      before = probe;
    } else {
      firstMissed ??= probe;
      lastMissed = probe;
    }
  }
  close(undefined);
  return found;
}

/** The longest outage over all kinds; undefined when there was none. One that did not end is longer than any that did. */
export function worstOutage(kinds: readonly Series[]): (Outage & { readonly kind: Series['kind'] }) | undefined {
  const all = kinds.flatMap((series) => outages(series).map((outage) => ({ ...outage, kind: series.kind })));
  const weight = (outage: Outage) => (outage.restored ? outage.ms : 1e12 + outage.ms);
  return all.sort((a, b) => weight(b) - weight(a))[0];
}

/** The longest time without a send beyond the period, ms: the span this record can say nothing about. */
export function blind(series: Series): number {
  const probes = ordered(series.probes);
  let longest = 0;
  for (const [index, probe] of probes.entries()) {
    const previous = probes[index - 1];
    if (previous !== undefined) longest = Math.max(longest, probe.sent - previous.sent - series.period);
  }
  return longest;
}

export interface Trouble {
  /** Probes without an answer in time. */
  readonly failed: number;
  /** From the first of them to the last, ms; what a client with bad luck saw, however many good answers lie between. */
  readonly span: number;
}

/** Failed probes of one kind sent at or after `since`. */
export function trouble(series: Series, since: number): Trouble {
  const failed = ordered(series.probes).filter((probe) => !answered(probe) && probe.sent >= since);
  const first = failed[0];
  const last = failed.at(-1);
  return { failed: failed.length, span: first && last ? last.sent - first.sent : 0 };
}
