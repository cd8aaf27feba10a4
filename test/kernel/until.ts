/** Waits until `ready` holds, looking every 20 ms; returns how long it took in ms. */
export async function until(what: string, limitMs: number, ready: () => boolean | Promise<boolean>): Promise<number> {
  const begun = performance.now();
  while (!(await ready())) {
    if (performance.now() - begun > limitMs) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((done) => setTimeout(done, 20));
  }
  return performance.now() - begun;
}
