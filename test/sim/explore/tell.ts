import type { Sabotage } from '../sabotage.ts';
import { type Bounds, explore } from './search.ts';
import { STARTS } from './starts.ts';

/** Explores from each start and says what was visited, in lines for people; false when a rule was broken. */
export function tellExploration(bounds: Bounds, sabotage: Sabotage | undefined, say: (line: string) => void): boolean {
  let states = 0;
  const started = performance.now();
  for (const [name, start] of Object.entries(STARTS)) {
    const found = explore(start(sabotage), bounds, sabotage);
    states += found.states;
    const reach = found.closed ? 'nothing new beyond' : `to depth ${found.depth}`;
    say(`${name}: ${found.states} states by ${found.actions} actions, ${reach}, at most ${bounds.faults} faults`);
    if (found.violation === undefined) continue;
    say(found.violation);
    for (const line of found.trace) say(line);
    return false;
  }
  const seconds = (performance.now() - started) / 1000;
  say(`${states} states in ${seconds.toFixed(1)} s: one owner, floats together, terms on disk in each`);
  return true;
}
