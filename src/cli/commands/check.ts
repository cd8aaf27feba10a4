import { TandemError } from '../../model/error.ts';
import { type Parsed, parseDocument, parseNodeFile } from '../../model/parseDocument.ts';
import { EXIT } from '../io.ts';
import { faultLines } from '../print/faults.ts';
import type { Command } from '../program.ts';

function sound<T>(file: string, code: 'bad-document' | 'bad-node-file', parsed: Parsed<T>) {
  if (parsed.ok) return parsed;
  const { faults } = parsed;
  throw new TandemError(code, `${file} has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`, { faults });
}

export const command: Command = {
  options: { node: { type: 'boolean' } },
  words: [1, 1],
  async run(io, [file = '-'], options) {
    const text = io.read(file);
    if (options.node === true) {
      const { document } = sound(file, 'bad-node-file', parseNodeFile(text));
      io.out(`${file} is sound: the node file of router ${document.name}`);
      return EXIT.ok;
    }
    const { document, warnings } = sound(file, 'bad-document', parseDocument(text));
    if (warnings.length > 0) io.err(['warnings:', ...faultLines(warnings)].join('\n'));
    const servers = document.services.reduce((sum, service) => sum + service.servers.length, 0);
    io.out(`${file} is sound: ${document.services.length} services, ${servers} real servers`);
    return EXIT.ok;
  },
};
