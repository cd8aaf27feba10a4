import type { NodeId } from '../../model/pair.ts';
import type { Line } from './lines.ts';

/** A part of the time from the first sign until the move was done. */
export interface Share {
  readonly ms: number;
  readonly who: NodeId;
  /** What ended it. */
  readonly until: string;
}

/**
 * Where the milliseconds went: from the last beat that was heard, where silence began it, otherwise from the first sign,
 * until the floats were announced, or let go where nobody took them.
 */
export function sharesOf(lines: readonly Line[]): Share[] {
  const start = startOf(lines);
  if (start < 0) return [];
  const shares: Share[] = [];
  let since = lines[start]!.at;
  for (const line of lines.slice(start + 1, endOf(lines) + 1)) {
    const until = milestone(line);
    if (until === undefined) continue;
    shares.push({ ms: line.at - since, who: line.who, until });
    since = line.at;
  }
  return shares;
}

/** How long before the first sign a hand-over may have been asked for, or a NIC have failed, ms. */
const LEADS_TO = 2_000;

function startOf(lines: readonly Line[]): number {
  const moves = lines.flatMap(({ move }) => move ?? []);
  const silence = moves.find(({ cause }) => cause === 'peer-silent');
  if (silence !== undefined) {
    const last = lines.findLastIndex(({ who, what, at }) => what === 'last-beat' && who === silence.who && at <= 0);
    if (last >= 0) return last;
  }
  const begins = ({ what, subject, who }: Line): boolean =>
    (what === 'hand-over' && subject === 'asking') ||
    (what === 'nic-down' && moves.some((move) => move.cause === 'nic-down' && move.who === who));
  return lines.findIndex((line) => line.at >= 0 || (line.at >= -LEADS_TO && begins(line)));
}

/** The first announcement after the kernel last had the floats, else the last line. */
function endOf(lines: readonly Line[]): number {
  const installed = lines.findLastIndex(({ what }) => what === 'installed');
  const announced = lines.findIndex(({ what }, index) => what === 'announced' && index > installed);
  return installed >= 0 && announced >= 0 ? announced : lines.length - 1;
}

/** What a line ends; undefined for one that nothing waited for. */
function milestone({ what, subject, text }: Line): string | undefined {
  switch (what) {
    case 'suspected':
    case 'prepared':
    case 'dropped':
    case 'installed':
    case 'announced':
      return what;
    case 'hand-over':
      return subject === 'asking' ? 'asked' : undefined;
    case 'role':
      return subject === 'taking' || subject === 'releasing' ? subject : undefined;
    case 'step':
      return text;
    default:
      return undefined;
  }
}
