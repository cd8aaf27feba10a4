import { readFile } from 'node:fs/promises';

/** QEMU's own at the most, MB: its buffer of translated code (tb-size, 1 GiB by default) and what it links. */
const EMULATOR_MB = 1200;
/** Left for the host and for the twin's share, MB. */
const SPARE_MB = 2048;

/** What of this host decides whether an emulator may hold all of its memory: the texts of files under /proc. */
export interface HostMemory {
  /** /proc/meminfo */
  readonly meminfo: string;
  /** /proc/self/limits */
  readonly limits: string;
  /** /proc/self/status */
  readonly status: string;
  /** /proc/self/uid_map */
  readonly uidMap: string;
}

export async function hostMemory(): Promise<HostMemory> {
  const read = (path: string) => readFile(`/proc/${path}`, 'utf8');
  const [meminfo, limits, status, uidMap] = await Promise.all(
    ['meminfo', 'self/limits', 'self/status', 'self/uid_map'].map(read),
  );
  return { meminfo: meminfo!, limits: limits!, status: status!, uidMap: uidMap! };
}

const CAP_IPC_LOCK = 14n;

/** mlockall(2) needs no limit on locked memory, or CAP_IPC_LOCK outside of every user namespace; and two boxes must fit. */
export function mayHold(host: HostMemory, memoryMb: number): boolean {
  const unlimited = /^Max locked memory\s+unlimited/m.test(host.limits);
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(host.status)?.[1] ?? '0'}`);
  const outermost = /^\s*0\s+0\s+4294967295\s*$/.test(host.uidMap);
  const privileged = outermost && ((capabilities >> CAP_IPC_LOCK) & 1n) === 1n;
  const available = Number(/^MemAvailable:\s*(\d+) kB/m.exec(host.meminfo)?.[1] ?? 0) / 1024;
  return (unlimited || privileged) && available > 2 * (memoryMb + EMULATOR_MB) + SPARE_MB;
}
