import type { EventsResult } from '../../model/control.ts';
import { askController } from '../answer.ts';
import { EXIT } from '../io.ts';
import { wholeOption } from '../numbers.ts';
import { eventLines } from '../print/events.ts';
import type { Command } from '../program.ts';

const EVENTS_MS = 5_000;

export const command: Command = {
  options: { limit: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 0],
  async run(io, _words, options) {
    const limit = wholeOption('limit', options.limit, 1000) ?? 50;
    const events = await askController<EventsResult>(io, { do: 'events', limit }, EVENTS_MS);
    if (options.json === true) {
      io.out(JSON.stringify(events));
      return EXIT.ok;
    }
    // The newest last, where the eye is after a long list.
    for (const line of eventLines([...events].reverse())) io.out(line);
    return EXIT.ok;
  },
};
