import { readFileSync, writeFileSync } from 'node:fs';
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

/**
 * Kernel settings by dotted name as of sysctl(8): `net.ipv4.conf.eth0.rp_filter`; in a part that holds a dot itself
 * (a VLAN device) that dot is written `/`: `net.ipv4.conf.eth0/100.rp_filter`. Values are without the final newline.
 * @param root for tests.
 */
export function openSysctls(root = '/proc/sys'): Sysctls {
  return {
    get(name) {
      try {
        return readFileSync(pathOf(root, name), 'utf8').replace(/\n$/, '');
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
