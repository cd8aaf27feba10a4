/**
 * Remembers what `make` answered for an object, as long as the object lives. Only for values that nobody changes, and for a
 * `make` that looks at nothing else.
 */
export function byIdentity<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const old = known.get(key);
    if (old !== undefined) return old.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}
