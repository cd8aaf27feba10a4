import { NODES } from '../figure.ts';
import type { Both } from './findings.ts';
import { now } from './program.ts';
import type { RackPort } from './rack-port.ts';

const LIMIT = 20_000;
/** Between two questions to busy boxes, ms. */
export const STATUS_PAUSE = 500;

/** Both statuses, asked until `enough` is content with them or 20 s have passed. A busy box may not answer. */
export async function statuses(rack: RackPort, enough: (both: Both) => boolean): Promise<Both> {
  const limit = now() + LIMIT;
  for (;;) {
    const [a, b] = await Promise.all(NODES.map((node) => rack.box(node).status()));
    if (enough({ a, b }) || now() > limit) return { a, b };
    await new Promise((done) => setTimeout(done, STATUS_PAUSE));
  }
}
