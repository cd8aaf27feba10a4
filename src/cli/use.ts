import type { DrainResult } from '../model/control.ts';
import { heldWords } from '../model/heldWords.ts';
import { askController } from './answer.ts';
import { EXIT, plain } from './io.ts';
import type { Command } from './program.ts';

const USE_MS = 10_000;

const connections = (count: number): string => `${count} established ${count === 1 ? 'connection' : 'connections'}`;

function outcome({ server, drained, changed, connections: count }: DrainResult): string {
  const already = changed ? '' : ' already';
  if (!drained) return `${server} is in use${changed ? ' again' : already}`;
  return `${server} is drained${already}: no new connections; ${connections(count)} on this router go on until they end`;
}

/** `tandem drain` and `tandem enable`: a real server out of use, and back. */
export const useCommand = (what: 'drain' | 'enable'): Command => ({
  options: { json: { type: 'boolean' } },
  needs: 'a real server as SERVICE/SERVER, as `tandem status` names them',
  words: [1, 1],
  async run(io, [server = ''], options) {
    const result = await askController<DrainResult>(io, { do: what, server, author: io.author }, USE_MS);
    if (options.json === true) {
      io.out(JSON.stringify(result));
      return EXIT.ok;
    }
    io.out(plain(outcome(result)));
    const { heldBy, warnings } = result;
    if (heldBy.length === 1) io.err(plain(heldWords(result)));
    for (const warning of warnings) io.err(`warning: ${plain(warning)}`);
    return EXIT.ok;
  },
});
