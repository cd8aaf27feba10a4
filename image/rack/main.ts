import { TandemError } from '../../src/model/error.ts';
import { FIRST_BOOT, knownDrill } from './act.ts';
import { call } from './control/client.ts';
import { codeOf, words } from './control/server.ts';
import { up } from './foreground.ts';
import { placeOf } from './place.ts';
import { USAGE } from './usage.ts';
import { parseVerb, type Verb } from './verbs.ts';

/** Verbs that hand this terminal's input on. */
const TAKES_INPUT: readonly Verb['verb'][] = ['console', 'run'];

async function main(argv: readonly string[]): Promise<number> {
  const verb = parseVerb(argv);
  if (verb.verb === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const place = placeOf();
  if (verb.verb === 'up') return up(place, undefined, verb.configured, verb.deadline);
  // It gives the boxes other disks: never to a rack that somebody uses, and those that it starts with may be empty.
  if (verb.verb === 'bench') return up(place, argv, false);
  if (verb.verb === 'drill') knownDrill(verb.name);
  const options = { raw: verb.verb === 'console', input: TAKES_INPUT.includes(verb.verb) };
  const code = await call(place.control, argv, options);
  if (code !== undefined) return code;
  if (verb.verb === 'drill') return up(place, argv, verb.name !== FIRST_BOOT);
  if (verb.verb === 'soak' || verb.verb === 'churn') return up(place, argv);
  throw new TandemError('unreachable', 'no rack of this checkout runs', { remedy: 'start one with `npm run rack`' });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(words(error));
  process.exitCode = codeOf(error);
}
// A terminal's input that nobody reads any more would keep this process.
process.stdin.destroy();
