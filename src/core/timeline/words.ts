import { type NodeId, peerOf } from '../../model/pair.ts';
import type { Mark, Restored } from '../../model/timeline.ts';

/** A mark in the log's words. `who` made it. */
export function wordsOf(mark: Mark, who: NodeId): string {
  const text = sentence(mark, who);
  return mark.count > 1 && mark.what !== 'probe' ? `${text} (${mark.count} times close together)` : text;
}

function sentence({ what, subject, value, count }: Mark, who: NodeId): string {
  const twin = peerOf(who);
  switch (what) {
    case 'last-beat':
      return `last beat of ${twin} on ${subject}, sequence ${value}`;
    case 'silent':
      return `${twin} silent on ${subject} past the deadline of ${inMs(value)}`;
    case 'heard':
      return value === 0 ? `${twin} heard on ${subject}` : `${twin} heard again on ${subject} after ${inMs(value)}`;
    case 'gap':
      return `no beat of ${twin} on ${subject} for ${inMs(value)}`;
    case 'late':
      return `woke ${inMs(value)} late`;
    case 'stalled':
      return `stood still for ${inMs(value)}`;
    case 'nic-up':
      return `the ${subject} NIC has a carrier`;
    case 'nic-down':
      return `the ${subject} NIC has no carrier`;
    case 'suspected':
      return 'suspected: begins to probe for the floats';
    case 'probe':
      return count === 1 ? 'ARP probe for both floats' : `${count} ARP probes for both floats, from here on`;
    case 'claim':
      return `another machine answers for the ${subject} float: ${macText(value)}`;
    case 'rival':
      return `another machine probes for the ${subject} float: ${macText(value)}`;
    case 'role':
      return `${subject}, term ${value}`;
    case 'twin':
      return `hears that ${twin} is ${subject}, term ${value}`;
    case 'twin-boot':
      return `hears a new process of ${twin}`;
    case 'hand-over':
      if (subject === 'asking') return `asks ${twin} to prepare a term`;
      return subject === 'dropping' ? `hears that ${twin} prepared term ${value}` : `grants term ${value} to ${twin}`;
    case 'prepared':
      return `prepared term ${value}`;
    case 'persist':
      return `term ${value} goes to the disk`;
    case 'persisted':
      return `term ${value} is on the disk`;
    case 'install':
      return 'the kernel is asked for both floats';
    case 'installed':
      return 'installed: the kernel has both floats';
    case 'install-failed':
      return 'the kernel refused the floats';
    case 'drop':
      return 'the kernel is asked to let both floats go';
    case 'dropped':
      return 'dropped: both floats are gone';
    case 'announced':
      return 'announced: gratuitous ARP for both floats';
    case 'controller-ready':
      return 'the controller says ready';
    case 'controller-not-ready':
      return 'the controller says not ready';
    case 'controller-silent':
      return 'the controller is silent';
    case 'shutdown':
      return 'the service is asked to end';
    case 'document':
      return 'another document is in force';
  }
}

/** Who resolves the floats to the box that took them, and who has not said so. */
export function restoredText({ ms, neighbours }: Restored): string {
  const silent = neighbours.filter((each) => each.ms === null);
  const named = silent.map(({ kind, address }) => (kind === 'gateway' ? `the gateway ${address}` : address));
  const count = `${neighbours.length - silent.length} of ${neighbours.length} neighbours resolve the floats to this box`;
  const rest = named.length === 0 ? '' : `; no answer from ${named.join(', ')}`;
  return `${ms === null ? 'not restored' : `restored in ${inMs(ms)}`}: ${count}${rest}`;
}

/** Tenths below 100 ms. */
export const inMs = (ms: number): string => `${ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;

const macText = (value: number): string => {
  const hex = Math.round(value).toString(16).padStart(12, '0');
  return (hex.match(/../g) ?? []).join(':');
};
