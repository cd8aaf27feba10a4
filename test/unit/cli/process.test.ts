import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { EXAMPLE } from '../model/example.ts';
import { STATUS, sockets } from './fake.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, options: readonly string[] = []) {
  const child = spawn(process.execPath, [...options, MAIN, ...args], { env: { ...process.env, ...env } });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, out, err };
}

test('the process answers with its exit code, over the sockets of TANDEM_RUN', async () => {
  const world = await sockets({ controller: () => STATUS });
  const { code, out, err } = await run(['status'], { TANDEM_RUN: world.run });
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^pair {6}rack, revision 3/);
  await world.close();
  assert.equal((await run(['status'], { TANDEM_RUN: world.run })).code, 3);
  assert.equal((await run(['nonsense'])).code, 2);
  assert.equal((await run(['check', '/nonexistent'])).code, 1);
});

test('status loads neither the schemas nor the YAML parser', async () => {
  const world = await sockets({ controller: () => STATUS });
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;
  const { err } = await run(['status'], { TANDEM_RUN: world.run }, [
    '--import',
    `data:text/javascript,${encodeURIComponent(hooks)}`,
  ]);
  const loaded = err.split('\n');
  assert.ok(
    loaded.some((url) => url.endsWith('/commands/status.ts')),
    'the hook saw nothing',
  );
  assert.deepEqual(
    loaded.filter((url) => /node_modules/.test(url)),
    [],
  );
  await world.close();
});

test('a document comes in by standard input, and a closed pipe is no fault', () => {
  const checked = spawnSync(process.execPath, [MAIN, 'check', '-'], { input: EXAMPLE, encoding: 'utf8' });
  assert.deepEqual([checked.status, checked.stdout], [0, '- is sound: 3 services, 9 real servers\n']);
  const piped = spawnSync('sh', ['-c', `"${process.execPath}" "${MAIN}" schema | head -n 1; exit 0`], {
    encoding: 'utf8',
  });
  assert.deepEqual([piped.stdout, piped.stderr], ['{\n', '']);
});
