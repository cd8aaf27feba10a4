import { connect, type Socket } from 'node:net';
import { TandemError } from '../../src/model/error.ts';

/**
 * Connects to a Unix socket on which QEMU listens.
 * @throws TandemError `unreachable` when nobody listens there.
 */
export function connectUnix(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (cause) => {
      reject(new TandemError('unreachable', `${path}: ${cause.message}`, { remedy: 'is this box running?', cause }));
    });
  });
}
