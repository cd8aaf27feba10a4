/** `npm run bench -- apply|checks [--runs N] [--json]`, `checks --native [--json]`; everything else is the rack's bench. Exit code 1 when a bar is missed. */
import { parseArgs } from 'node:util';
import { benchApply } from './apply/main.ts';
import { benchChecks, benchChecksNatively } from './checks/main.ts';

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
    native: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: rest, options });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) {
    process.stderr.write(`tandem: --runs ${values.runs}: give a whole number, 1 to 20\n`);
    process.exitCode = 2;
  } else if (values.native && bench !== benchChecks) {
    process.stderr.write(`tandem: --native: only \`checks\` has a measurement on this machine's own processor\n`);
    process.exitCode = 2;
  } else if (values.native) await benchChecksNatively(values.json);
  else process.exitCode = (await bench(runs, values.json)) ? 0 : 1;
}
