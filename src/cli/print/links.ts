import type { LaneStatus } from '../../model/status.ts';
import { plain } from '../io.ts';
import { block } from './block.ts';

type Link = LaneStatus['links'][number];

/** `840 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 2 h`. */
export function span(ms: number): string {
  const parts = (big: number, unit: string, small: number, next: string): string =>
    `${big} ${unit}${small === 0 ? '' : ` ${small} ${next}`}`;
  const s = Math.floor(ms / 1000);
  if (s < 1) return `${Math.round(ms)} ms`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return parts(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return parts(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return parts(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const tenth = (ms: number): string => ms.toFixed(1);

/** Which way the link works. */
function direction({ heard, hearsUs }: Link, twin: string): string {
  if (heard) return hearsUs === false ? `we hear ${twin}, ${twin} does not hear us` : `${twin} and we hear each other`;
  return hearsUs === true ? `${twin} hears us, we do not hear ${twin}` : `neither hears the other`;
}

/** Frames that were not accepted, and those that were lost on this side, by reason; empty when none. */
export function losses({ refused, dropped }: Link): string {
  return [counted('refused', refused), counted('dropped', dropped)].filter((text) => text !== '').join('  ');
}

function counted(what: string, counts: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${plain(reason)} ${count}`);
  return reasons.length === 0 ? '' : `${what}: ${reasons.join(', ')}`;
}

/** Round trip and loss in a few words; empty when nothing is known of them. */
export function quality({ roundTrip, loss }: Link): string {
  const trip = roundTrip == null ? [] : [`round trip ${tenth(roundTrip.median)} ms`];
  return [...trip, ...(loss == null ? [] : [`loss ${percent(loss)}`])].join(', ');
}

function linesOf(link: Link, twin: string): string[] {
  const { heard, ageMs, sinceMs, roundTrip, loss, sent, received, line } = link;
  const since =
    ageMs === null || sinceMs == null ? 'never heard' : `${heard ? 'heard' : 'SILENT'} for ${span(sinceMs)}`;
  const lost = losses(link);
  return [
    `${since}; ${direction(link, twin)}`,
    roundTrip == null
      ? 'round trip not known'
      : `round trip ${tenth(roundTrip.min)} / ${tenth(roundTrip.median)} / ${tenth(roundTrip.max)} ms (min / median / max of the last minute)`,
    `loss ${loss == null ? 'not known' : percent(loss)} of what ${twin} sent; sent ${sent}, received ${received}`,
    ...(lost === '' ? [] : [lost]),
    ...(line === undefined ? [] : [`line ${line.baud} bit/s, beats use ${percent(line.use)} of it`]),
  ];
}

/** Each heartbeat link in a few lines. */
export function linkLines({ node, links }: LaneStatus): string[] {
  const twin = node === 'a' ? 'b' : 'a';
  return links.flatMap((link) => block(link.link, linesOf(link, twin)));
}
