import type { Link } from '../../src/model/network.ts';
import type { Network } from '../../src/ports/network.ts';

/** A carrier shows some time after a NIC was switched on: copper negotiates for seconds. */
const SETTLE_MS = 4_000;
const LOOK_MS = 200;

/** Ethernet devices: those with a MAC address that are not the loopback. */
const isNic = ({ device, mac }: Link): boolean => device !== 'lo' && mac !== '' && mac !== '00:00:00:00:00:00';

/** The NICs with their cables. Switches on what is off, and waits for carriers that come with it. */
export async function lookAtNics(network: Network): Promise<readonly Link[]> {
  const off = network.links().filter((link) => isNic(link) && !link.admin);
  for (const { device } of off) network.setUp(device);
  const until = performance.now() + (off.length > 0 ? SETTLE_MS : 0);
  for (;;) {
    const nics = network.links().filter(isNic);
    if (performance.now() >= until || nics.every(({ carrier }) => carrier)) return nics;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}
