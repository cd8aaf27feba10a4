import { spawn } from 'node:child_process';
import { TandemError } from '../../src/model/error.ts';
import { clearingCommands, type OverlayEntry, writingCommands } from './overlay.ts';

/** Runs debugfs(8) on a disk. It exits with 0 whatever happens, so what it says on standard error is given back. */
function debugfs(disk: string, commands: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('debugfs', ['-w', '-f', '-', disk], { stdio: ['pipe', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    child.on('error', (cause) => reject(new TandemError('io', `debugfs: ${cause.message}`, { cause })));
    child.on('close', () => resolve(words.replace(/^debugfs [\d.]+.*\n/, '').trim()));
    child.stdin.end(`${commands.join('\n')}\n`);
  });
}

/**
 * Writes files and links into an ext4 disk that is not in use, without mounting it; what stood there before is replaced.
 * @throws TandemError `io` with debugfs' words.
 */
export async function writeIntoDisk(disk: string, entries: readonly OverlayEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await debugfs(disk, clearingCommands(entries));
  const complaints = await debugfs(disk, writingCommands(entries));
  if (complaints !== '') throw new TandemError('io', `debugfs could not write into ${disk}:\n${complaints}`);
}
