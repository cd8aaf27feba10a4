import { createInterface } from 'node:readline';

/**
 * The rack's helper programs answer JSON lines: `{"id":1,"do":NAME,…}` on stdin gets `{"id":1,"result":…}` or
 * `{"id":1,"error":TEXT}` on stdout, and `{"event":NAME,…}` may come at any time. End of stdin ends the program, so that
 * none outlives the rack.
 */
export type Handlers = Readonly<Record<string, (request: Record<string, unknown>) => unknown>>;

export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export function answer(handlers: Handlers): void {
  process.stdout.on('error', () => process.exit(1));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const request = JSON.parse(line) as { id: number; do: string };
    try {
      const handler = handlers[request.do];
      if (handler === undefined) throw new Error(`no such request: ${request.do}`);
      say({ id: request.id, result: (await handler(request as never)) ?? null });
    } catch (error) {
      say({ id: request.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  lines.on('close', () => process.exit(0));
}

/** The one argument: a JSON object. @throws SyntaxError when it is none. */
export const options = <T>(): T => JSON.parse(process.argv[2] ?? '') as T;
