import type { Side } from '../../src/model/pair.ts';
import type { Dice } from './random.ts';
import type { Schedule } from './schedule.ts';

/** What is said on a LAN about its float: asked for, or claimed. */
export interface ArpPacket {
  readonly kind: 'probe' | 'claim';
  readonly mac: string;
}

/** What a LAN needs of a box. */
export interface Station {
  readonly mac: string;
  /** Powered, and the NIC on this side has a carrier. */
  plugged(side: Side): boolean;
  /** A packet reaches the box's NIC. */
  receive(side: Side, packet: ArpPacket): void;
}

/** One broadcast domain for both boxes, or two when it is partitioned. */
export interface Lan {
  partitioned: boolean;
  /** The two boxes reach each other. */
  connected(): boolean;
  /** One-way travel of a packet, ms. */
  delay(): number;
  say(from: Station, kind: ArpPacket['kind']): void;
}

export function createLan(schedule: Schedule, dice: Dice, side: Side, stations: () => readonly Station[]): Lan {
  const lan: Lan = {
    partitioned: false,
    connected: () => !lan.partitioned && stations().every((station) => station.plugged(side)),
    delay: () => (dice.chance(0.02) ? dice.between(1, 5) : dice.between(0.05, 0.5)),
    say(from, kind) {
      if (!lan.connected()) return;
      for (const to of stations()) {
        if (to === from) continue;
        schedule.after(lan.delay(), () => {
          if (lan.connected()) to.receive(side, { kind, mac: from.mac });
        });
      }
    },
  };
  return lan;
}
