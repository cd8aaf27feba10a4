import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../../src/model/error.ts';

/**
 * Leaves the mark that makes the next boot forget document, key, password and log, and restarts the box.
 * @throws TandemError `io` when the mark cannot be left; then nothing happens.
 */
export async function resetBox(state: string): Promise<void> {
  try {
    writeFileSync(join(state, 'factory-reset'), '', { mode: 0o600, flush: true });
  } catch (cause) {
    throw new TandemError('io', 'the factory reset cannot be marked on the disk', { cause });
  }
  const child = spawn('systemctl', ['--no-block', 'reboot'], { stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0)
    throw new TandemError('io', `systemctl reboot ended with ${code}`, { remedy: 'switch the box off and on' });
}
