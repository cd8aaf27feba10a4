import type { SetResult } from '../../model/control.ts';
import type { Patch } from '../../model/patch.ts';
import { setWords } from '../../model/setWords.ts';
import { askController } from '../answer.ts';
import { EXIT, plain } from '../io.ts';
import { faultLines } from '../print/faults.ts';
import type { Command } from '../program.ts';

const SET_MS = 60_000;

/** As YAML would read the word; `-` leaves the field out. */
function valueIn(word: string): Patch['value'] {
  if (word === '-') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  return /^-?(0|[1-9]\d{0,14})$/.test(word) ? Number(word) : word;
}

export const command: Command = {
  options: { json: { type: 'boolean' } },
  needs: 'a service or SERVICE/SERVER, a field and its value: tandem set web/s2 weight 5',
  words: [3, 3],
  async run(io, [subject = '', field = '', word = ''], options) {
    const [service = '', ...rest] = subject.split('/');
    const patch: Patch = {
      service,
      ...(rest.length === 0 ? {} : { server: rest.join('/') }),
      field,
      value: valueIn(word),
    };
    const result = await askController<SetResult>(io, { do: 'set', ...patch, author: io.author }, SET_MS);
    const { steps, refused, warnings } = result;
    if (options.json === true) {
      io.out(JSON.stringify(result));
      return refused.length > 0 ? EXIT.failed : EXIT.ok;
    }
    if (warnings.length > 0) io.err(['warnings:', ...faultLines(warnings)].join('\n'));
    io.out(plain(setWords(patch, result)));
    for (const step of steps) io.out(`  ${plain(step)}`);
    if (refused.length === 0) return EXIT.ok;
    io.err(['the kernel refused, and will be asked again:', ...refused.map((text) => `  ${plain(text)}`)].join('\n'));
    return EXIT.failed;
  },
};
