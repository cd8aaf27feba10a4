import type { ApplyResult } from '../../model/control.ts';
import { heldWords } from '../../model/heldWords.ts';
import { askController } from '../answer.ts';
import { documentText } from '../documentText.ts';
import { EXIT, plain } from '../io.ts';
import { faultLines } from '../print/faults.ts';
import type { Command } from '../program.ts';

const APPLY_MS = 60_000;

export const command: Command = {
  options: { json: { type: 'boolean' }, force: { type: 'boolean' } },
  words: [1, 1],
  async run(io, [file = '-'], options) {
    const request = {
      do: 'apply',
      text: documentText(io, file),
      author: io.author,
      login: io.login,
      ...(options.force === true ? { force: true } : {}),
    } as const;
    const result = await askController<ApplyResult>(io, request, APPLY_MS);
    const { revision, digest, changed, steps, refused, warnings } = result;
    if (options.json === true) {
      io.out(JSON.stringify(result));
      return refused.length > 0 ? EXIT.failed : EXIT.ok;
    }
    if (warnings.length > 0) io.err(['warnings:', ...faultLines(warnings)].join('\n'));
    const where = plain(heldWords(result));
    io.out(
      `revision ${revision} (${digest.slice(0, 12)}) ${changed ? 'is in force' : 'was in force already'} ${where}`,
    );
    for (const step of steps) io.out(`  ${plain(step)}`);
    if (refused.length === 0) return EXIT.ok;
    io.err(['the kernel refused, and will be asked again:', ...refused.map((text) => `  ${plain(text)}`)].join('\n'));
    return EXIT.failed;
  },
};
