/** Runs the benches of this folder in a VM and shows what they print. */
import { runInVm } from '../../../image/vm/floor/run.ts';

const { code } = await runInVm('node test/kernel/bench/ipvs.ts', {
  timeoutSeconds: 240,
  onOutput: (text) => process.stdout.write(text),
  onConsole: () => {},
});
process.exitCode = code;
