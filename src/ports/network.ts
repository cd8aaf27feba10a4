import type { Address, AddressStep, ArpClaim, Link, Route } from '../model/network.ts';
import type { Close } from './clock.ts';

export type { Address, AddressStep, ArpClaim, Link, Route } from '../model/network.ts';

/** The kernel's rtnetlink side. All calls are synchronous: the kernel answers a request before sendto(2) returns. */
export interface Network {
  addresses(): readonly Address[];
  links(): readonly Link[];
  routes(): readonly Route[];
  /**
   * All steps in one sendmsg. `set` adds or refreshes (NLM_F_REPLACE); deleting what is absent is no error.
   * @throws TandemError `kernel-refused` naming the step and the kernel's own text (extended ack).
   */
  changeAddresses(steps: readonly AddressStep[]): void;
  setUp(device: string): void;
  /** Adds or replaces. */
  setRoute(route: Route): void;
  /** Link and address notifications; `resync` = the kernel dropped some (ENOBUFS): look again at everything. */
  watch(onChange: (change: 'link' | 'address' | 'resync') => void): Close;
}

/** ARP over a packet socket on one device (RFC 826, RFC 5227). */
export interface Arp {
  /** Broadcasts one ARP probe (sender 0.0.0.0) for `address`. */
  probe(device: string, address: string): void;
  /** Broadcasts one gratuitous ARP request and one reply for `address` with the device's own MAC. */
  announce(device: string, address: string): void;
  /**
   * Broadcasts one ARP request from `address` with the device's own MAC for each of `neighbours`. Who is asked updates its
   * entry for `address` before it answers (RFC 826).
   */
  ask(device: string, address: string, neighbours: readonly string[]): void;
  /** Replies that a neighbour sent to `address` at the device's own MAC: its entry for `address` is right. */
  watchAnswers(device: string, address: string, onAnswer: (neighbour: string) => void): Close;
  /**
   * Another machine's claim to `address`: any ARP packet of which it is the sender protocol address. With `onRival`
   * also its probes, which ask for `address` without claiming it (sender 0.0.0.0; RFC 5227, section 2.1.1).
   */
  watch(
    device: string,
    address: string,
    onClaim: (claim: ArpClaim) => void,
    onRival?: (probe: ArpClaim) => void,
  ): Close;
  /**
   * Tells the watches now of all that has come in. Otherwise a thread of ordinary priority wakes them, and on a busy box
   * an answer lies in the socket for longer than it takes to conclude that there is none.
   */
  hear(): void;
}
