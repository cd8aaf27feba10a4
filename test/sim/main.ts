/** `npm run sim -- [--seeds N] [--from S] [--seed S] [--trace] [--without RULE]`: runs seeds until one fails. */
import { parseArgs } from 'node:util';
import { type Outcome, runSeed } from './run.ts';
import { SABOTAGES } from './sabotage.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    without: { type: 'string' },
  },
});

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  process.stderr.write(`--${name} is ${JSON.stringify(text)}: give a whole number from 0 to ${2 ** 32 - 1}\n`);
  process.exit(2);
};

if (values.without !== undefined && SABOTAGES[values.without] === undefined) {
  process.stderr.write(`--without is ${values.without}: give one of ${Object.keys(SABOTAGES).join(', ')}\n`);
  process.exit(2);
}
const sabotage = values.without === undefined ? undefined : SABOTAGES[values.without];
const first = values.seed === undefined ? number('from', values.from) : number('seed', values.seed);
const count = values.seed === undefined ? number('seeds', values.seeds) : 1;

function tell(outcome: Outcome): void {
  process.stdout.write(`seed ${outcome.seed}: ${outcome.violation}\n`);
  if (!values.trace) process.stdout.write(`${outcome.trace.slice(-40).join('\n')}\n`);
  process.stdout.write(`again: npm run sim -- --seed ${outcome.seed} --trace\n`);
}

const started = performance.now();
let simulated = 0;
let moves = 0;
let faults = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const onLine = values.trace ? (line: string): boolean => process.stdout.write(`${line}\n`) : undefined;
  const outcome = runSeed({ seed, sabotage, onLine });
  simulated += outcome.simulated;
  moves += outcome.moves;
  faults += outcome.faults.length;
  if (outcome.violation === undefined) continue;
  tell(outcome);
  process.exitCode = 1;
  break;
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${count} seeds, ${faults} faults, ${moves} moves, ${(simulated / 1000).toFixed(0)} simulated s in ${seconds.toFixed(1)} s\n`,
);
