import { closeSync, openSync, readSync } from 'node:fs';
import { readConnections } from '../../src/codec/ipvs/connections.ts';
import type { Balanced } from '../../src/model/nic.ts';

/** Some 1,500 connections: the first of a hashed table, which is a fair sample of a large one. */
const MOST_BYTES = 128 * 1024;

/** Some of the balanced connections of this network namespace; none while the module is not there. */
export function someConnections(path = '/proc/net/ip_vs_conn', mostBytes = MOST_BYTES): Balanced[] {
  const buffer = Buffer.allocUnsafe(mostBytes);
  let size = 0;
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    // A read of /proc gives a page or so at a time.
    while (size < mostBytes) {
      const more = readSync(fd, buffer, size, mostBytes - size, null);
      if (more === 0) break;
      size += more;
    }
  } catch {
    return [];
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  return readConnections(buffer.toString('latin1', 0, size));
}
