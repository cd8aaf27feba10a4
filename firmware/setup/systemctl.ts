import { execFile } from 'node:child_process';
import { TandemError } from '../../src/model/error.ts';

const LIMIT_MS = 30_000;

/** systemctl(1) over systemd's private socket. Rejects with TandemError `io` and its words. */
export const systemctl = (...args: readonly string[]): Promise<void> =>
  new Promise((done, failed) => {
    execFile('systemctl', [...args], { timeout: LIMIT_MS }, (cause, _stdout, stderr) => {
      if (cause === null) done();
      else {
        const words = stderr.trim() || cause.message;
        failed(new TandemError('io', `systemctl ${args.join(' ')}: ${words}`, { remedy: 'see the journal', cause }));
      }
    });
  });
