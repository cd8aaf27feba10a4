import { explainService } from '../../core/document/explain.ts';
import type { ShowResult } from '../../model/control.ts';
import { TandemError } from '../../model/error.ts';
import { nearest } from '../../model/faults.ts';
import { parseDocument } from '../../model/parseDocument.ts';
import { askController } from '../answer.ts';
import { EXIT, plain } from '../io.ts';
import type { Command } from '../program.ts';

const SHOW_MS = 5_000;

export const command: Command = {
  options: { file: { type: 'string' } },
  needs: 'the name of a virtual service',
  words: [1, 1],
  async run(io, [name = ''], options) {
    const text =
      typeof options.file === 'string'
        ? io.read(options.file)
        : (await askController<ShowResult>(io, { do: 'show' }, SHOW_MS)).text;
    const parsed = parseDocument(text);
    if (!parsed.ok) throw new TandemError('bad-document', 'the document is not right', { faults: parsed.faults });
    const { document } = parsed;
    const service = document.services.find((entry) => entry.name === name);
    if (service === undefined) {
      const names = document.services.map((entry) => entry.name);
      const meant = nearest(name, names);
      throw new TandemError('not-found', `there is no virtual service "${plain(name).slice(0, 40)}"`, {
        remedy:
          meant === undefined
            ? `the services are ${names.slice(0, 20).join(', ') || 'none'}`
            : `did you mean "${meant}"?`,
      });
    }
    io.out(explainService(document, service).join('\n'));
    return EXIT.ok;
  },
};
