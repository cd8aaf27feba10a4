import { spawn } from 'node:child_process';
import { TandemError } from '../../src/model/error.ts';

const keptOutput = 4000;

/**
 * Runs a program to its end and gives back its standard output. What it says on standard error is kept (the last 4,000
 * characters) for the error only. It is asked to end when this process dies, however that happens.
 * @throws TandemError `io` with the command, its exit and its last words.
 */
export function run(
  command: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string>; cwd?: string; timeoutSeconds?: number } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', command, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: (options.timeoutSeconds ?? 300) * 1000,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    let words = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-keptOutput);
    });
    const fail = (why: string) =>
      reject(new TandemError('io', `${command} ${args.join(' ').slice(0, 200)}: ${why}\n${words}`.trim()));
    child.on('error', (error) => fail(error.message));
    child.on('close', (status, signal) => {
      if (status === 0) resolve(Buffer.concat(output).toString());
      else fail(signal === null ? `exited with ${status}` : `ended by ${signal}`);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

export type Log = (line: string) => void;

const stillEverySeconds = 10;

/** Runs one step of a build and logs what it was and the seconds it took; a long one says every ten seconds that it lives. */
export async function timed<T>(log: Log, what: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  const still = setInterval(() => log(`  ${what}: ${seconds()} s so far`), stillEverySeconds * 1000);
  try {
    const result = await step();
    log(`· ${what}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(still);
  }
}
