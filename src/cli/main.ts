import { processIo } from './io.ts';
import { runProgram } from './program.ts';

/** The `tandem` command. */
runProgram(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
