/** Between two of the same, ms. */
const AGAIN_MS = 60_000;

/**
 * A log for what may come again and again: a line that differs from the last is written at once, the same one once a minute.
 * @param key what makes two lines the same
 */
export function saidOnce(log: (line: string) => void, now: () => number): (key: string, line: string) => void {
  let last: { readonly key: string; readonly at: number } | undefined;
  return (key, line) => {
    if (last?.key === key && now() - last.at < AGAIN_MS) return;
    last = { key, at: now() };
    log(line);
  };
}
