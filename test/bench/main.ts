/**
 * `npm run bench -- apply|checks|forward|takeover [--runs N] [--json]`, `apply --scale`, `checks --native`, `forward --knobs`,
 * `takeover --faults A,B`, `takeover --soak MINUTES`; everything else is the rack's bench. Exit code 1 when a bar is missed.
 */
import { parseArgs } from 'node:util';
import { codeOf, words } from '../../image/rack/control/server.ts';
import { TandemError } from '../../src/model/error.ts';
import { benchApply } from './apply/main.ts';
import { benchScale } from './apply/scale.ts';
import { benchChecks, benchChecksNatively } from './checks/main.ts';
import { benchForward, benchKnobs } from './forward/main.ts';
import { benchTakeover, benchTakeoverSoak } from './takeover/main.ts';

type Bench = (runs: number, json: boolean, faults?: readonly string[]) => Promise<boolean>;

/** Each bench, and what its one option, where it has one, measures instead. */
const BENCHES: Readonly<Record<string, { readonly plain: Bench; readonly option?: string; readonly instead?: Bench }>> =
  {
    apply: { plain: benchApply, option: 'scale', instead: benchScale },
    checks: {
      plain: benchChecks,
      option: 'native',
      async instead(_runs, json) {
        await benchChecksNatively(json);
        return true;
      },
    },
    takeover: { plain: benchTakeover },
    forward: { plain: benchForward, option: 'knobs', instead: benchKnobs },
  };

/** @throws TandemError `refused` with what would be right. */
function chosen(what: string, rest: readonly string[]) {
  const { option, plain, instead } = BENCHES[what]!;
  try {
    const { values } = parseArgs({
      args: [...rest],
      options: {
        runs: { type: 'string', default: '3' },
        json: { type: 'boolean', default: false },
        ...(what === 'takeover' ? { faults: { type: 'string' }, soak: { type: 'string' } } : {}),
        ...(option === undefined ? {} : { [option]: { type: 'boolean', default: false } }),
      },
    });
    const given: Readonly<Record<string, string | boolean | undefined>> = values;
    const faults = typeof given.faults === 'string' ? given.faults.split(',') : undefined;
    const other = option !== undefined && given[option] === true ? instead : undefined;
    const soak = typeof given.soak === 'string' ? soakOf(given.soak) : undefined;
    return { run: soak ?? other ?? plain, runs: Number(given.runs), json: given.json === true, faults };
  } catch (error) {
    if (error instanceof TandemError) throw error;
    throw new TandemError('refused', error instanceof Error ? error.message : String(error));
  }
}

function soakOf(text: string): Bench {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440)
    return (_runs, json) => benchTakeoverSoak(minutes, json);
  throw new TandemError('refused', `--soak is "${text}"`, { remedy: 'give whole minutes, 1 to 1440' });
}

async function main([what = '', ...rest]: readonly string[]): Promise<void> {
  if (BENCHES[what] === undefined) {
    process.argv.splice(2, 0, 'bench');
    await import('../../image/rack/main.ts');
    return;
  }
  const { run, runs, json, faults } = chosen(what, rest);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) {
    throw new TandemError('refused', `--runs is ${runs}`, { remedy: 'give a whole number, 1 to 20' });
  }
  process.exitCode = (await run(runs, json, faults)) ? 0 : 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(words(error));
  process.exitCode = codeOf(error);
}
