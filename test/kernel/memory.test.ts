import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const memory = join(import.meta.dirname, '../../firmware/libc/memory.ts');
const script = `import(${JSON.stringify(memory)}).then(({ lockMemory }) => {
  lockMemory();
  const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
  console.log('locked', /VmLck:\\s+(\\d+)/.exec(status)[1], 'resident', /VmRSS:\\s+(\\d+)/.exec(status)[1]);
}).catch((error) => console.log(error.code, error.message, error.remedy))`;

/** A fresh process: this one should not lock its own memory. */
const run = (...command: string[]): string => {
  const [program = '', ...args] = [...command, process.execPath, '-e', script];
  return spawnSync(program, args, { encoding: 'utf8' }).stdout;
};

test('locked memory is what was touched, not all that the runtime reserves', () => {
  const [, locked, resident] = /locked (\d+) resident (\d+)/.exec(run('env'))!;
  assert.ok(Number(locked) > 10_000, `${locked} kB locked`);
  assert.ok(Number(resident) < 400_000, `${resident} kB resident`);
});

test('without the right to lock, the error says what to give', () => {
  assert.match(
    run('prlimit', '--memlock=65536', 'setpriv', '--reuid', '65534', '--clear-groups', '--inh-caps=-all'),
    /^io locking memory failed: (ENOMEM|EPERM) give the unit LimitMEMLOCK=infinity/,
  );
});
