import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../src/model/error.ts';
import type { Sysctls } from '../src/ports/ipvs.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'this kernel has no such setting, or its module is not loaded',
  EACCES: 'run as root; in a container or namespace this setting may be read-only',
  EPERM: 'run as root; in a container or namespace this setting may be read-only',
  EROFS: '/proc/sys is mounted read-only: the unit must not set ProtectKernelTunables',
  EINVAL: 'the kernel does not accept this value: see Documentation/networking/ip-sysctl and ipvs-sysctl',
};

/** Bytes of a value at the most; the longest here has some ten. */
const MAX_VALUE = 4096;
/** Files kept open at the most; the one opened first goes. */
const MAX_OPEN = 256;

/**
 * Kernel settings by dotted name as of sysctl(8): `net.ipv4.conf.eth0.rp_filter`; in a part that holds a dot itself
 * (a VLAN device) that dot is written `/`: `net.ipv4.conf.eth0/100.rp_filter`. Values are without the final newline.
 * @param root for tests.
 */
export function openSysctls(root = '/proc/sys'): Sysctls {
  // Kept open, because all of them are read every second.
  const open = new Map<string, number>();
  const buffer = Buffer.alloc(MAX_VALUE);

  function descriptor(name: string): number {
    const known = open.get(name);
    if (known !== undefined) return known;
    if (open.size >= MAX_OPEN) forget(open.keys().next().value!);
    const fd = openSync(pathOf(root, name), 'r');
    open.set(name, fd);
    return fd;
  }

  function forget(name: string): void {
    const fd = open.get(name);
    if (fd === undefined) return;
    open.delete(name);
    closeSync(fd);
  }

  function read(name: string): string {
    const length = readSync(descriptor(name), buffer, 0, MAX_VALUE, 0);
    return buffer.toString('utf8', 0, length).replace(/\n$/, '');
  }

  return {
    get(name) {
      try {
        if (open.has(name)) {
          try {
            return read(name);
          } catch {
            // The device may have gone and come back: its old files say nothing any more.
            forget(name);
          }
        }
        return read(name);
      } catch (error) {
        const code = errorCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw refused(`reading ${name}`, code, error);
      }
    },
    set(name, value) {
      try {
        // Without O_CREAT: /proc refuses to create with a code that hides what is wrong.
        writeFileSync(pathOf(root, name), value, { flag: 'r+' });
      } catch (error) {
        throw refused(`setting ${name} to ${JSON.stringify(value)}`, errorCode(error), error);
      }
    },
  };
}

function pathOf(root: string, name: string): string {
  const parts = name.split('.').map((part) => part.replaceAll('/', '.'));
  if (parts.some((part) => part === '' || part === '.' || part === '..') || name.includes('\0')) {
    throw new TandemError('bad-request', `the setting's name is ${JSON.stringify(name)}`, {
      remedy: 'a setting is named like net.ipv4.ip_forward',
    });
  }
  return join(root, ...parts);
}

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

function refused(what: string, code: string, cause: unknown): TandemError {
  if (cause instanceof TandemError) return cause;
  return new TandemError('kernel-refused', `${what}: ${code}`, {
    remedy: REMEDIES[code] ?? 'see the kernel log: `dmesg`',
    cause,
  });
}
