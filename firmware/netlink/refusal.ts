import type { Ack } from '../../src/codec/netlink/ack.ts';
import { TandemError } from '../../src/model/error.ts';
import { EACCES, EADDRNOTAVAIL, EEXIST, ENODEV, ENOENT, EPERM, ESRCH, errnoName, errnoText } from '../libc/errno.ts';

const REMEDIES: Readonly<Record<number, string>> = {
  [EPERM]: 'run as root or with CAP_NET_ADMIN',
  [EACCES]: 'run as root or with CAP_NET_ADMIN',
  [EEXIST]: 'it is there already: read the kernel state again and edit instead of adding',
  [ENODEV]: 'check that the device exists: `ip link`',
  [ENOENT]: 'check that what the request names exists, and that the kernel module for it can be loaded',
  [ESRCH]: 'what the request names is not there: read the kernel state again',
  [EADDRNOTAVAIL]: 'the address is not there: read the kernel state again',
};

/** The kernel's words: `EEXIST: service already exists (at byte 24 of the request)`. */
export function describeAck(ack: Ack): string {
  const parts = [ack.text === '' ? errnoText(ack.errno) : ack.text];
  if (ack.offset !== undefined) parts.push(`(at byte ${ack.offset} of the request)`);
  if (ack.missing !== undefined) parts.push(`(attribute ${ack.missing} is missing)`);
  return parts.join(' ');
}

/** `kernel-refused`, with the number for code that decides on it. */
export class KernelRefusal extends TandemError {
  readonly errno: number;

  constructor(message: string, errno: number, remedy: string) {
    super('kernel-refused', message, { remedy });
    this.name = 'KernelRefusal';
    this.errno = errno;
  }
}

/** `kernel-refused` with what was tried, the errno's name, the kernel's own text and what to do about it. */
export function refusal(what: string, ack: Ack): KernelRefusal {
  const remedy = REMEDIES[ack.errno] ?? 'see the kernel log: `dmesg`';
  return new KernelRefusal(`${what}: ${errnoName(ack.errno)}: ${describeAck(ack)}`, ack.errno, remedy);
}

/** What names a device that the kernel does not have. */
export const noDevice = (what: string, device: string): KernelRefusal =>
  new KernelRefusal(`${what}: ENODEV: there is no device ${device}`, ENODEV, 'check the device name: `ip link`');
