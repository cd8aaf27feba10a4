import type { FailoverState } from '../../core/failover/index.ts';
import type { Mark, Subject, TimelineRecord } from '../../model/timeline.ts';
import { round } from './round.ts';

type Links = TimelineRecord['links'];

/**
 * Nothing happens in the lane when a link falls silent: that it did follows from when it was heard last.
 * @param links as they stood at `monotonic`, the instant of the move; a link that fell silent afterwards is found in
 * `latest`, the state at `now`.
 * @returns the marks and what follows from them, oldest first.
 */
export function withSilences(
  marks: readonly Mark[],
  links: Links,
  monotonic: number,
  { config, peer }: FailoverState,
  now: number,
): Mark[] {
  const { deadline } = config;
  const found = [...marks];
  const add = (at: number, what: Mark['what'], subject: Subject, value: number): void => {
    found.push({ at: round(at), what, subject, value, count: 1 });
  };
  const fell = (link: Subject, lastAt: number, sequence: number): void => {
    add(lastAt, 'last-beat', link, sequence);
    add(lastAt + deadline, 'silent', link, deadline);
  };
  const atMove = new Set<Subject>();
  for (const { link, lastAt, lastSequence } of links) {
    if (lastAt === null || monotonic - lastAt < deadline) continue;
    atMove.add(link);
    fell(link, lastAt, lastSequence);
  }
  for (const link of config.links) {
    const { at, sequence } = peer.links[link];
    if (now - at >= deadline && at > monotonic - deadline) fell(link, at, sequence);
  }
  for (const { what, at, subject, value } of marks) {
    if (what !== 'heard' || value === 0 || (atMove.has(subject) && at > monotonic)) continue;
    add(at - value + deadline, 'silent', subject, deadline);
  }
  return found.sort((one, other) => one.at - other.at);
}
