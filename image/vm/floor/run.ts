import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TandemError } from '../../../src/model/error.ts';
import { bareImage, type Image } from '../../build/image.ts';
import type { Log } from '../../build/run.ts';
import { needPackages } from '../../host/packages.ts';
import { emulator } from '../emulator.ts';
import { connectUnix } from '../socket.ts';
import { startVm, type Vm } from '../start.ts';
import type { VmSpec } from '../vm.ts';
import { CommandOutput } from './output.ts';
import { testDisk } from './stage.ts';

export interface RunOptions {
  /** From power on to the end of the command. */
  readonly timeoutSeconds: number;
  /** Gets the command's standard output as it comes; default: kept only. */
  readonly onOutput?: (text: string) => void;
  /** Gets its standard error, mixed with the kernel's console; default: standard error. */
  readonly onConsole?: (text: string) => void;
  /** One processor whose clock counts instructions (`VmSpec.counted`), in place of two on the host's clock. */
  readonly counted?: boolean;
  /** Progress lines; default: standard error. */
  readonly log?: Log;
  /** Ends the machine early. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly code: number;
  /** Standard output, at most the last 4 MiB. */
  readonly output: string;
}

const keptOutput = 4 * 1024 * 1024;
const longestCommand = 64 * 1024;
const memoryMb = 1024;

function specOf(dir: string, image: Image, test: string, counted: boolean): VmSpec {
  const disk = (path: string) => ({ path, format: 'raw', mode: 'read-only' }) as const;
  return {
    name: 'tandem-kernel-floor',
    memoryMb,
    cpus: counted ? 1 : 2,
    counted,
    append: 'tandem.service=/dev/vdb tandem.init=/opt/tandem/init',
    kernel: image.kernel,
    initrd: image.initrd,
    disks: [disk(image.root), disk(test), disk(join(dir, 'command'))],
    nics: [],
    serials: [{ socket: join(dir, 'ttyS0') }, { socket: join(dir, 'ttyS1') }],
    qmp: join(dir, 'qmp'),
    agent: undefined,
  };
}

/** A disk that is the command's text, filled up with zeros to one size: the kernel looks for partitions on it. */
async function writeCommand(path: string, command: string): Promise<void> {
  const text = Buffer.from(`${command}\n`);
  if (text.length > longestCommand) {
    throw new TandemError('bad-request', `a command of ${text.length} bytes`, { remedy: `at most ${longestCommand}` });
  }
  await writeFile(path, Buffer.concat([text, Buffer.alloc(longestCommand - text.length)]));
}

async function follow(vm: Vm, options: RunOptions): Promise<RunResult> {
  const [console, command] = await Promise.all(vm.spec.serials.map(({ socket }) => connectUnix(socket)));
  const lines = new CommandOutput();
  let output = '';
  const show = (text: string) => {
    output = (output + text).slice(-keptOutput);
    options.onOutput?.(text);
  };
  const onConsole = options.onConsole ?? ((text: string) => process.stderr.write(text));
  for (const socket of [console!, command!]) socket.setEncoding('utf8').on('error', () => {});
  console!.on('data', onConsole);
  command!.on('data', (text: string) => show(lines.push(text)));

  let why = 'the test machine ended before its command did';
  const end = (reason: string) => {
    why = reason;
    void vm.kill();
  };
  const expired = () => end(`not done within ${options.timeoutSeconds} s`);
  const timer = setTimeout(expired, options.timeoutSeconds * 1000);
  const aborted = () => end('interrupted');
  options.signal?.addEventListener('abort', aborted);
  if (options.signal?.aborted) aborted();
  try {
    const { words } = await vm.exited;
    if (lines.code !== undefined) return { code: lines.code, output };
    show(lines.rest());
    throw new TandemError('io', `${why}${words === '' ? '' : `\n${words}`}`);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', aborted);
  }
}

/**
 * Boots one machine with the image's kernel and root, the repository's src, firmware, test and docs at /opt/tandem and the
 * packages they import, and runs a shell command there as root. Node, ip, ipvsadm, strace and tcpdump are in the PATH, IPVS
 * is loaded, /tmp is writable, there is no NIC but lo. Nothing of it is left when this returns.
 * @throws TandemError `io` when the machine does not come to the command's end in time.
 */
export async function runInVm(command: string, options: RunOptions): Promise<RunResult> {
  needPackages(['util-linux']);
  const log: Log = options.log ?? ((line) => process.stderr.write(`${line}\n`));
  await emulator(log);
  const image = await bareImage('rack', log);
  const test = await testDisk(log);
  const dir = await mkdtemp(join(tmpdir(), 'tandem-vm-'));
  try {
    await writeCommand(join(dir, 'command'), command);
    const vm = await startVm(specOf(dir, image, test, options.counted === true));
    try {
      // A panic must end the run, not start it again.
      await vm.qmp.execute('set-action', { reboot: 'shutdown' });
      return await follow(vm, options);
    } finally {
      await vm.kill();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
