import type { ShowResult } from '../../model/control.ts';
import { askController } from '../answer.ts';
import { EXIT, plain } from '../io.ts';
import { wholeOption } from '../numbers.ts';
import { wallTime } from '../print/time.ts';
import type { Command } from '../program.ts';

const SHOW_MS = 5_000;

export const command: Command = {
  options: { revision: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    const revision = wholeOption('revision', options.revision, Number.MAX_SAFE_INTEGER);
    const request = revision === undefined ? ({ do: 'show' } as const) : ({ do: 'show', revision } as const);
    const shown = await askController<ShowResult>(io, request, SHOW_MS);
    if (options.json === true) {
      io.out(JSON.stringify(shown));
      return EXIT.ok;
    }
    // Beside the document, so that `tandem show | tandem apply -` gives back what was there.
    io.err(
      `# revision ${shown.revision} (${shown.digest.slice(0, 12)}) by ${plain(shown.author)}, ${wallTime(shown.at)}`,
    );
    io.out(shown.text.replace(/\n$/, ''));
    return EXIT.ok;
  },
};
