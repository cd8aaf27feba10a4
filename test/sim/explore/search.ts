import type { Sabotage } from '../sabotage.ts';
import { actionsOf, take } from './actions.ts';
import { judge } from './hand.ts';
import { hashOf, keyOf } from './key.ts';
import type { Model } from './model.ts';

export interface Bounds {
  /** Actions on any one path from the start: one timer, one arrival, one step of time, one fault. */
  readonly depth: number;
  /** Faults on any one path. */
  readonly faults: number;
  /** States visited before the search gives up; without it none. */
  readonly most?: number;
}

export interface Explored {
  /** Different states visited. */
  readonly states: number;
  /** Actions tried. */
  readonly actions: number;
  /** Actions on the longest path. */
  readonly depth: number;
  /** Every path was followed until it came back to a state visited before: more depth would find nothing new. */
  readonly closed: boolean;
  readonly violation: string | undefined;
  /** The shortest path to the violation, an action a line with its time in ms. */
  readonly trace: readonly string[];
}

interface Path {
  readonly action: string;
  readonly at: number;
  readonly before: Path | undefined;
}

interface Reached {
  readonly model: Model;
  readonly path: Path | undefined;
}

/** Visits every state within the bounds, breadth first, each once, and stops at the first that no rule allows. */
export function explore(start: Model, bounds: Bounds, sabotage?: Sabotage): Explored {
  const visited = new Set<number>([hashOf(keyOf(start))]);
  let level: Reached[] = [{ model: start, path: undefined }];
  let [actions, depth] = [0, 0];
  const answer = (violation?: string, path?: Path): Explored => ({
    states: visited.size,
    actions,
    depth,
    closed: level.length === 0,
    violation,
    trace: linesOf(path),
  });
  while (level.length > 0 && depth < bounds.depth) {
    depth += 1;
    const next: Reached[] = [];
    for (const { model, path } of level) {
      for (const action of actionsOf(model, model.faults < bounds.faults)) {
        actions += 1;
        const after = take(model, action, sabotage);
        const key = hashOf(keyOf(after));
        if (visited.has(key)) continue;
        visited.add(key);
        const reached = { model: after, path: { action: action.name, at: model.now, before: path } };
        const violation = judge(after);
        if (violation !== undefined) return answer(violation, reached.path);
        next.push(reached);
      }
      if (visited.size >= (bounds.most ?? Infinity)) return answer();
    }
    level = next;
  }
  return answer();
}

function linesOf(last: Path | undefined): string[] {
  const lines: string[] = [];
  for (let path = last; path !== undefined; path = path.before) {
    if (path.action !== 'time') lines.unshift(`${String(path.at).padStart(6)} ${path.action}`);
  }
  return lines;
}
