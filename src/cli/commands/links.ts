import { TandemError } from '../../model/error.ts';
import { askStatus } from '../askStatus.ts';
import { EXIT } from '../io.ts';
import { linkLines } from '../print/links.ts';
import type { Command } from '../program.ts';

export const command: Command = {
  options: { json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    const { lane } = await askStatus(io);
    if (lane === null) {
      throw new TandemError('unreachable', 'the pair lane does not answer', {
        remedy: 'see `systemctl status tandem-pair`',
      });
    }
    io.out(options.json === true ? JSON.stringify(lane.links) : linkLines(lane).join('\n'));
    return EXIT.ok;
  },
};
