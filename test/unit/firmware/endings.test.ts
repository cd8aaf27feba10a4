import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { takeEndings } from '../../../firmware/endings.ts';
import { MAX_WORDS } from '../../../src/model/ending.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'tandem-endings-'));
after(() => rmSync(folder, { recursive: true }));

/** What the unit runs when its process has ended, as systemd would, in this test's folder. */
function ended(unit: string, result: string, code: string | undefined, status: string | undefined): void {
  const text = readFileSync(join(root, `image/rootfs/etc/systemd/system/${unit}.service`), 'utf8');
  const [, command] = /^ExecStopPost=-\/bin\/sh -c '(.*SERVICE_RESULT.*)'$/m.exec(text) ?? [];
  assert.ok(command !== undefined, `${unit} says why it ended`);
  const script = command.replaceAll('$$', '$').replaceAll('%%', '%').replaceAll('/run/tandem', folder);
  const env = { PATH: process.env.PATH, SERVICE_RESULT: result, EXIT_CODE: code, EXIT_STATUS: status };
  spawnSync('/bin/sh', ['-c', script], { env });
}

test('what the units write when they end is read, once', () => {
  ended('tandem-pair', 'success', 'exited', '0');
  ended('tandem-pair', 'watchdog', 'killed', 'KILL');
  ended('tandem-controller', 'exit-code', 'exited', '1');
  ended('tandem-controller', 'protocol', undefined, undefined);
  const found = takeEndings(folder).map(({ process, result, status }) => [process, result, status]);
  assert.deepEqual(found, [
    ['pair lane', 'watchdog', 'KILL'],
    ['controller', 'exit-code', '1'],
    ['controller', 'protocol', '0'],
  ]);
  assert.deepEqual(takeEndings(folder), []);
});

test('a unit that ends again and again fills no memory', () => {
  writeFileSync(join(folder, 'ended'), '1796067395 pair signal killed KILL\n'.repeat(116));
  const full = statSync(join(folder, 'ended')).size;
  for (let n = 0; n < 4; n += 1) ended('tandem-pair', 'signal', 'killed', 'KILL');
  const { size } = statSync(join(folder, 'ended'));
  assert.ok(size > full && size < 4096 + 100, `${size} bytes`);
  assert.ok(takeEndings(folder).length > 116);
});

test('an error that nobody caught leaves its words, and the place it came from; only its own process tells them', () => {
  const script = `
    import { leaveLastWords } from '${join(root, 'firmware/endings.ts')}';
    leaveLastWords(${JSON.stringify(folder)}, 'pair');
    setImmediate(function stumble() { throw new TypeError('x is\\nno function'); });`;
  assert.throws(() => execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' }));
  ended('tandem-controller', 'signal', 'killed', 'SEGV');
  ended('tandem-pair', 'exit-code', 'exited', '1');
  const [controller, pair] = takeEndings(folder);
  assert.equal(controller?.words, undefined);
  assert.match(pair?.words ?? '', /^TypeError: x is \(at .*stumble/);
  assert.equal(existsSync(join(folder, 'pair.words')), false);
});

test('last words are one line of what a terminal may show, and not many', () => {
  writeFileSync(join(folder, 'pair.words'), `a\u001b[2J\nb${'c'.repeat(1000)}`);
  ended('tandem-pair', 'exit-code', 'exited', '1');
  const words = takeEndings(folder)[0]?.words ?? '';
  assert.match(words, /^a \[2J bc+$/);
  assert.equal(words.length, MAX_WORDS);
});
