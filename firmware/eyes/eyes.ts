import type { Answerer } from '../../src/model/nic.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { Eyes } from '../../src/ports/eyes.ts';
import { openArp } from '../packet/arp.ts';
import { someConnections } from './connections.ts';
import { readNic } from './nic.ts';

/** Questions for one address; the second is for a neighbour whose switch port or entry was asleep. */
const ROUNDS = 2;
/** Answers that are kept of one round. */
const MAX_ANSWERS = 256;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The box's own eyes, in this network namespace. */
export function openEyes(): Eyes {
  return {
    nic: readNic,
    connections: () => someConnections(),

    async whoHas(questions, waitMs) {
      const heard = new Map<string, Answerer>();
      const watches: Close[] = [];
      let arp: ReturnType<typeof openArp> | undefined;
      /** A device that is down or gone has nobody. */
      const attempt = (act: () => void): void => {
        try {
          act();
        } catch {
          // Nothing is heard there, and nothing is said of it.
        }
      };
      try {
        const open = openArp();
        arp = open;
        for (const { device, address } of questions) {
          attempt(() => {
            const watch = open.watch(device, address, (claim) => {
              if (heard.size < MAX_ANSWERS) heard.set(`${device} ${address} ${claim.mac}`, claim);
            });
            watches.push(watch);
          });
        }
        for (let round = 0; round < ROUNDS; round += 1) {
          for (const { device, address, from } of questions) {
            attempt(() => (from === undefined ? open.probe(device, address) : open.ask(device, from, [address])));
          }
          await pause(waitMs / ROUNDS);
        }
        open.hear();
      } catch {
        return [];
      } finally {
        for (const close of watches) close();
        arp?.close();
      }
      return [...heard.values()];
    },
  };
}
