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
  /** A machine on the LAN answers the box's question, by its MAC. */
  answered(side: Side, address: string): void;
}

/** One broadcast domain for both boxes, or two when it is partitioned. */
export interface Lan {
  partitioned: boolean;
  /** The two boxes reach each other. */
  connected(): boolean;
  /** One-way travel of a packet, ms. */
  delay(): number;
  say(from: Station, kind: ArpPacket['kind']): void;
  /** An ARP request from the float for another machine's address: a claim to all, and that machine answers. */
  ask(from: Station, address: string): void;
  /** Where each other machine sends what is for the float: address to MAC. */
  readonly entries: ReadonlyMap<string, string>;
}

/** @param hosts addresses of the other machines, which both boxes reach while their NIC has a carrier. */
export function createLan(
  schedule: Schedule,
  dice: Dice,
  side: Side,
  stations: () => readonly Station[],
  hosts: readonly string[],
): Lan {
  const entries = new Map<string, string>();

  /** Ordinary machines heed whoever spoke last. */
  function tellHosts(from: Station, then: (address: string) => void = () => {}): void {
    if (!from.plugged(side)) return;
    schedule.after(lan.delay(), () => {
      for (const address of hosts) {
        entries.set(address, from.mac);
        then(address);
      }
    });
  }

  const lan: Lan = {
    entries,
    partitioned: false,
    connected() {
      if (lan.partitioned) return false;
      for (const station of stations()) if (!station.plugged(side)) return false;
      return true;
    },
    delay: () => (dice.chance(0.02) ? dice.between(1, 5) : dice.between(0.05, 0.5)),
    say(from, kind) {
      if (kind === 'claim') tellHosts(from);
      if (!lan.connected()) return;
      for (const to of stations()) {
        if (to === from) continue;
        schedule.after(lan.delay(), () => {
          if (lan.connected()) to.receive(side, { kind, mac: from.mac });
        });
      }
    },
    ask(from, asked) {
      lan.say(from, 'claim');
      tellHosts(from, (address) => {
        if (address !== asked) return;
        schedule.after(lan.delay(), () => {
          if (from.plugged(side)) from.answered(side, address);
        });
      });
    },
  };
  return lan;
}
