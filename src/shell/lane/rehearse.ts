import type { Network } from '../../ports/network.ts';
import { dropFloats, type Floats, setFloats } from './floats.ts';

/** Loopback addresses (RFC 1122, 3.2.1.3) that nothing is bound to. */
const STAGE: Floats = {
  public: { device: 'lo', address: '127.84.68.1', prefix: 32, label: 'lo:1' },
  private: { device: 'lo', address: '127.84.68.2', prefix: 32, label: 'lo:2' },
};

/** Enough for the runtime to compile what a move of the floats runs through. */
const ROUNDS = 4;

/**
 * Moves two floats that nobody needs, there and back. The first move of a process, and of a kernel, is its slowest by
 * tens of ms on a small processor; no client should wait for that one. Leaves nothing behind.
 * @throws TandemError `kernel-refused` as `changeAddresses` does.
 */
export function rehearse(network: Network): void {
  for (let round = 0; round < ROUNDS; round++) {
    setFloats(network, STAGE);
    dropFloats(network, STAGE);
  }
}
