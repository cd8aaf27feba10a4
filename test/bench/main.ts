/** `npm run bench -- apply|checks [--runs N] [--json]`, `apply --scale`; everything else is the rack's bench. Exit code 1 when a bar is missed. */
import { parseArgs } from 'node:util';
import { benchApply } from './apply/main.ts';
import { benchScale } from './apply/scale.ts';
import { benchChecks } from './checks/main.ts';

const [what, ...rest] = process.argv.slice(2);
const benches: Readonly<Record<string, (runs: number, json: boolean) => Promise<boolean>>> = {
  apply: benchApply,
  checks: benchChecks,
};
const bench = benches[what ?? ''];

if (bench === undefined) {
  process.argv.splice(2, 0, 'bench');
  await import('../../image/rack/main.ts');
} else {
  const options = {
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: rest, options });
  const chosen = what === 'apply' && values.scale ? benchScale : bench;
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) {
    process.stderr.write(`tandem: --runs ${values.runs}: give a whole number, 1 to 20\n`);
    process.exitCode = 2;
  } else process.exitCode = (await chosen(runs, values.json)) ? 0 : 1;
}
