import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * Runs the suite as root; otherwise runs its whole file again as root of a user namespace, as one test.
 * @param url the test file's own `import.meta.url`.
 */
export function asRoot(url: string, name: string, suite: () => void): void {
  if (process.getuid?.() === 0) {
    suite();
    return;
  }
  test(`${name}, in a user namespace`, () => {
    const env = { ...process.env };
    delete env.NODE_TEST_CONTEXT;
    const argv = ['--user', '--map-root-user', process.execPath, '--test', fileURLToPath(url)];
    assert.equal(spawnSync('unshare', argv, { stdio: 'inherit', env }).status, 0);
  });
}
