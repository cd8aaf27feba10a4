import { spawn, spawnSync } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { TandemError } from '../../src/model/error.ts';
import { emulator } from './emulator.ts';
import { hostMemory, mayHold } from './memory.ts';
import { type Accelerator, qemuArgs } from './qemu.ts';
import { Qmp } from './qmp.ts';
import type { VmSpec } from './vm.ts';

let known: Accelerator | undefined;

/** Whether QEMU brings up a processor under KVM, stopped before its first instruction. */
async function kvmStarts(): Promise<boolean> {
  const [command = '', ...before] = await emulator();
  const args = [...before, '-machine', 'q35', '-accel', 'kvm', '-cpu', 'host', '-S', '-nodefaults', '-display', 'none'];
  const options = { input: 'quit\n', timeout: 5000 };
  return spawnSync(command, [...args, '-monitor', 'stdio'], options).status === 0;
}

/**
 * `kvm` only when it really works. A sandbox may show a /dev/kvm that opens and yet runs no guest: without the processor's
 * own vmx or svm flag nothing else is asked.
 */
export async function accelerator(): Promise<Accelerator> {
  known ??= await (async () => {
    try {
      await access('/dev/kvm', constants.R_OK | constants.W_OK);
      const flags = /^flags\s*:.*\b(vmx|svm)\b/m.test(await readFile('/proc/cpuinfo', 'utf8'));
      return flags && (await kvmStarts()) ? 'kvm' : 'tcg';
    } catch {
      return 'tcg';
    }
  })();
  return known;
}

/** A running emulator. */
export interface Vm {
  readonly spec: VmSpec;
  readonly pid: number;
  readonly qmp: Qmp;
  /** Exit code once it has ended (null after a signal), with the last 4,000 characters of what it said. */
  readonly exited: Promise<{ readonly code: number | null; readonly words: string }>;
  /** Power cut: SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** QEMU makes its sockets within milliseconds of its start; there is no event for it but the connection itself. */
async function reach(path: string, exited: Vm['exited']): Promise<Qmp> {
  let ended: { readonly code: number | null; readonly words: string } | undefined;
  exited.then((how) => {
    ended = how;
  });
  for (let tries = 0; tries < 500; tries += 1) {
    if (ended) break;
    try {
      return await Qmp.connect(path);
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== 'unreachable') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new TandemError('io', `QEMU did not start: ${ended?.words ?? 'its control socket stays silent'}`);
}

/**
 * Starts a box. The emulator dies with this process, however this process ends.
 * @throws TandemError `io` with QEMU's words when it does not start.
 */
export async function startVm(spec: VmSpec): Promise<Vm> {
  // Where it is allowed (root), the emulated machine goes before whatever else this host computes, as a real one would.
  const first = ['nice', '-n', '-10'];
  const box = qemuArgs(spec, await accelerator(), mayHold(await hostMemory(), spec.memoryMb));
  const args = ['--pdeathsig', 'KILL', ...first, ...(await emulator()), ...box];
  const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  const exited = new Promise<{ code: number | null; words: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: null, words: error.message }));
    child.on('close', (code) => resolve({ code, words: words.trim() }));
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  try {
    const qmp = await reach(spec.qmp, exited);
    return { spec, pid: child.pid!, qmp, exited, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}
