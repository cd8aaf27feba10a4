/** What changed between two JSON values, and the later one out of it: a picture that changes a little is sent as a little. */

/** A place within a value: names and list positions from the root. */
export type Place = readonly (string | number)[];

/** The value that now stands at a place; undefined, which JSON leaves out: the name there is gone. */
export interface Change {
  readonly at: Place;
  readonly value?: unknown;
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The changes that lead from `before` to `after`, both JSON. Lists of another length are replaced whole. */
export function diff(before: unknown, after: unknown): Change[] {
  const changes: Change[] = [];
  compare(before, after, [], changes);
  return changes;
}

function compare(before: unknown, after: unknown, at: Place, changes: Change[]): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, value] of after.entries()) compare(before[index], value, [...at, index], changes);
  } else if (isTree(before) && isTree(after)) {
    for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) changes.push({ at: [...at, name] });
    for (const [name, value] of Object.entries(after)) {
      if (Object.hasOwn(before, name)) compare(before[name], value, [...at, name], changes);
      else changes.push({ at: [...at, name], value });
    }
  } else changes.push({ at, value: after });
}

/**
 * `before` with the changes made; what did not change is shared with it.
 * @throws RangeError when a change names a place that is not there: the two sides do not hold the same.
 */
export const patch = (before: unknown, changes: readonly Change[]): unknown =>
  changes.reduce((value, change) => put(value, change, 0), before);

function put(value: unknown, change: Change, depth: number): unknown {
  const name = change.at[depth];
  if (name === undefined) return change.value;
  const last = depth === change.at.length - 1;
  if (Array.isArray(value) && typeof name === 'number' && name in value) {
    return value.with(name, put(value[name], change, depth + 1));
  }
  if (isTree(value) && typeof name === 'string' && (last || Object.hasOwn(value, name))) {
    const { [name]: old, ...rest } = value;
    if (last && change.value === undefined) return rest;
    // Spread and computed names define own properties: `__proto__` is a name like any other here.
    return { ...value, [name]: put(old, change, depth + 1) };
  }
  throw new RangeError(`there is no ${change.at.join('.')}`);
}
