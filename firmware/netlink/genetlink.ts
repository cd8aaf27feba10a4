import { decodeFamily, writeFamilyRequest } from '../../src/codec/netlink/genetlink.ts';
import { ENOENT } from '../libc/errno.ts';
import { KernelRefusal } from './refusal.ts';
import type { NetlinkSocket } from './socket.ts';

/**
 * The message type of a generic netlink family. The kernel gives it a new one whenever its module is loaded.
 * @throws TandemError `kernel-refused` when there is no such family; its remedy names the module.
 */
export function resolveFamily(socket: NetlinkSocket, name: string, module: string): number {
  const what = `asking the kernel for generic netlink family ${name}`;
  const absent = new KernelRefusal(
    `${what}: ENOENT: this kernel has none`,
    ENOENT,
    `load it: \`modprobe ${module}\`; if that fails, install the kernel package that ships ${module}`,
  );
  try {
    const [id] = socket.request(
      what,
      (writer, sequence) => writeFamilyRequest(writer, sequence, name),
      (message) => decodeFamily(message),
    );
    if (id === undefined) throw absent;
    return id;
  } catch (error) {
    throw error instanceof KernelRefusal && error.errno === ENOENT ? absent : error;
  }
}
