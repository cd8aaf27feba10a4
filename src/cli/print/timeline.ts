import type { Story } from '../../core/timeline/story.ts';
import { plain } from '../io.ts';
import { wallTime } from './time.ts';

const AT_WIDTH = 9;

const tenths = (ms: number): string => (Math.round(ms * 10) / 10).toFixed(1).replace(/^-0\.0$/, '0.0');

/** A headline, one line for each thing that happened, and where the milliseconds went. */
export function storyLines(story: Story): string[] {
  const { wall, wallOf, moves, lines, shares } = story;
  const heads = moves.map(({ who, from, to, term, cause }) => `${who}: ${from} → ${to}, term ${term}, cause ${cause}`);
  return [
    `${wallTime(wall)} (${wallOf}’s clock)  ${plain(heads.join(' · '))}`,
    ...Object.entries(story.before).map(([who, text]) => `  in the minute before, ${who}: ${plain(text)}`),
    `${'ms'.padStart(AT_WIDTH)}`,
    ...lines.map(({ at, who, text }) => `${tenths(at).padStart(AT_WIDTH)}  ${who}  ${plain(text)}`),
    ...sharesLine(shares),
    ...clocksLine(story),
  ];
}

function sharesLine(shares: Story['shares']): string[] {
  if (shares.length === 0) return [];
  const total = shares.reduce((sum, { ms }) => sum + ms, 0);
  const parts = shares.map(({ ms, who, until }) => `${tenths(ms)} until ${who} ${plain(until)}`);
  return [`  where ${tenths(total)} ms went: ${parts.join(', ')}`];
}

function clocksLine({ clocks, wallOf }: Story): string[] {
  if (clocks === undefined) return [];
  const other = wallOf === 'a' ? 'b' : 'a';
  if (clocks.by === 'wall') {
    return [`  no common beat: ${other}’s lines are placed by the wall clocks, and are as far off as those`];
  }
  const within =
    clocks.withinMs === null
      ? 'beats passed one way only, so they may be off by a beat’s travel'
      : `they may be off by ${tenths(clocks.withinMs)} ms`;
  return [`  ${other}’s lines are placed by ${clocks.beats} common beats: ${within}`];
}
