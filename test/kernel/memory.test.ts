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

/** Compiles a lot, forgets it, and has the runtime give the pages back. */
const giveBack = `import(${JSON.stringify(memory)}).then(({ lockMemory }) => {
  lockMemory();
  require('node:v8').setFlagsFromString('--expose-gc');
  require('node:v8').setFlagsFromString('--always-sparkplug');
  const gc = require('node:vm').runInNewContext('gc');
  const made = Array.from({ length: 1500 }, (_, n) => new Function('a', 'return ' + n + Array(40).fill('+ a').join('')));
  for (const each of made) each(1);
  made.length = 0;
  for (let turn = 0; turn < 5; turn++) gc();
  console.log('alive');
})`;

/** A fresh process: this one should not lock its own memory. */
const run = (text: string, ...command: string[]): string => {
  const [program = '', ...args] = [...command, process.execPath, '-e', text];
  return spawnSync(program, args, { encoding: 'utf8' }).stdout;
};

test('locked memory is what was touched, not all that the runtime reserves', () => {
  const [, locked, resident] = /locked (\d+) resident (\d+)/.exec(run(script, 'env'))!;
  assert.ok(Number(locked) > 10_000, `${locked} kB locked`);
  assert.ok(Number(resident) < 400_000, `${resident} kB resident`);
});

test('a runtime that gives pages of code back lives on', () => {
  assert.equal(run(giveBack, 'env'), 'alive\n');
});

test('without the right to lock, the error says what to give', () => {
  assert.match(
    run(script, 'prlimit', '--memlock=65536', 'setpriv', '--reuid', '65534', '--clear-groups', '--inh-caps=-all'),
    /^io locking memory failed: (ENOMEM|EPERM) give the unit LimitMEMLOCK=infinity/,
  );
});
