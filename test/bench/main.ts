/**
 * `npm run bench -- apply|checks|forward [--runs N] [--json]`, `apply --scale`, `checks --native`, `forward --knobs`; everything
 * else is the rack's bench. Exit code 1 when a bar is missed.
 */
import { parseArgs } from 'node:util';
import { benchApply } from './apply/main.ts';
import { benchScale } from './apply/scale.ts';
import { benchChecks, benchChecksNatively } from './checks/main.ts';
import { benchForward, benchKnobs } from './forward/main.ts';

type Bench = (runs: number, json: boolean) => Promise<boolean>;

/** Each bench, and what its one option measures instead. */
const BENCHES: Readonly<Record<string, { readonly plain: Bench; readonly option: string; readonly instead: Bench }>> = {
  apply: { plain: benchApply, option: 'scale', instead: benchScale },
  checks: {
    plain: benchChecks,
    option: 'native',
    async instead(_runs, json) {
      await benchChecksNatively(json);
      return true;
    },
  },
  forward: { plain: benchForward, option: 'knobs', instead: benchKnobs },
};

const [what = '', ...rest] = process.argv.slice(2);
const bench = BENCHES[what];

if (bench === undefined) {
  process.argv.splice(2, 0, 'bench');
  await import('../../image/rack/main.ts');
} else {
  const { values } = parseArgs({
    args: rest,
    options: {
      runs: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      [bench.option]: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) {
    process.stderr.write(`tandem: --runs ${values.runs}: give a whole number, 1 to 20\n`);
    process.exitCode = 2;
  } else {
    const chosen = values[bench.option] === true ? bench.instead : bench.plain;
    process.exitCode = (await chosen(runs, values.json === true)) ? 0 : 1;
  }
}
