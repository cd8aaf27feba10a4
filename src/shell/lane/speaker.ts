import { offsets } from '../../core/failover/pace.ts';
import type { Neighbour } from '../../model/lane.ts';
import type { Side } from '../../model/pair.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { Arp } from '../../ports/network.ts';
import { addressesOf, type Floats, INWARD_FIRST } from './floats.ts';

/** What the lane says on its networks about the floats. */
export interface Speaker {
  probe(): void;
  /** Paced as core/failover/pace.ts says; one that still goes out is replaced. */
  announce(): void;
  /** Nothing more of an announcement goes out. */
  hush(): void;
  ask(neighbours: readonly Neighbour[]): void;
}

/** @param failed what could not leave a side's device, and why. */
export function createSpeaker(
  clock: Clock,
  arp: Arp,
  floats: () => Floats,
  failed: (side: Side, what: string, error: unknown) => void,
): Speaker {
  let later: Cancel[] = [];

  /** Each floating address with its side, the VIP's last. */
  const all = (): (readonly [Side, string])[] =>
    INWARD_FIRST.flatMap((side) => addressesOf(floats()[side]).map((address) => [side, address] as const));

  function say(side: Side, address: string, what: string, send: (device: string, address: string) => void): void {
    const { device } = floats()[side];
    try {
      send(device, address);
    } catch (error) {
      failed(side, `${what} on ${device}`, error);
    }
  }

  function hush(): void {
    for (const cancel of later) cancel();
    later = [];
  }

  return {
    hush,
    probe() {
      for (const [side, address] of all()) say(side, address, 'probe', arp.probe);
    },
    announce() {
      hush();
      const now = clock.now();
      const addresses = all();
      for (const [index, offset] of offsets(addresses.length).entries()) {
        const [side, address] = addresses[index]!;
        const send = (): void => say(side, address, 'announcement', arp.announce);
        if (offset === 0) send();
        else later.push(clock.at(now + offset, send));
      }
    },
    ask(neighbours) {
      for (const side of INWARD_FIRST) {
        const asked = neighbours.filter((each) => each.side === side).map(({ address }) => address);
        const { address } = floats()[side];
        if (asked.length > 0) say(side, address, 'question', (device) => arp.ask(device, address, asked));
      }
    },
  };
}
