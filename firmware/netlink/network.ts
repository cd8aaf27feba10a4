import { AF_INET, AF_INET6, NETLINK_ROUTE } from '../../src/codec/netlink/constants.ts';
import {
  decodeAddress,
  writeAddressDump,
  writeDeleteAddress,
  writeNewAddress,
} from '../../src/codec/rtnetlink/address.ts';
import { decodeLink, writeLinkDump, writeSetUp } from '../../src/codec/rtnetlink/link.ts';
import { decodeRoute, writeRouteDump, writeSetRoute } from '../../src/codec/rtnetlink/route.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Address, AddressStep, Link, Route } from '../../src/model/network.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { Network } from '../../src/ports/network.ts';
import { EADDRNOTAVAIL, ENODEV } from '../libc/errno.ts';
import { libc } from '../libc/libc.ts';
import { NOTIFICATION_QUEUE_BYTES, watchNetwork } from './notifications.ts';
import { noDevice, refusal } from './refusal.ts';
import { NetlinkSocket, type WriteRequest } from './socket.ts';
import { describeAddress, wireAddress, wireRoute } from './wire.ts';

/** As many as fit one sendmsg many times over; a plan for two floats has four. */
const MAX_STEPS = 128;

export interface NetworkOptions {
  /** Receive queue of each watch, bytes. */
  readonly notificationQueue?: number;
}

/**
 * The kernel's links, addresses and routes in this process's network namespace.
 * @throws TandemError `io` when a netlink socket cannot be opened.
 */
export function openNetwork(options: NetworkOptions = {}): Network & { close: Close } {
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  const queue = options.notificationQueue ?? NOTIFICATION_QUEUE_BYTES;

  const links = (): Link[] => socket.dump('reading the links', writeLinkDump, decodeLink);

  /** Read after what it names: an index it lacks belongs to a link that has gone since, and took its entries along. */
  const names = (): Map<number, string> => new Map(links().map((link) => [link.index, link.device]));

  return {
    links,

    addresses() {
      const found = socket.dump('reading the addresses', writeAddressDump, decodeAddress);
      const name = names();
      return found.flatMap(({ index, address, prefix, label, validSeconds }): Address[] => {
        const device = name.get(index);
        return device === undefined ? [] : [{ device, address, prefix, label, validSeconds }];
      });
    },

    routes() {
      const found = [AF_INET, AF_INET6].flatMap((family) =>
        socket
          .dump('reading the routes', (writer, sequence) => writeRouteDump(writer, sequence, family), decodeRoute)
          .filter((route) => route.family === family),
      );
      const name = names();
      return found.flatMap(({ destination, gateway, index }): Route[] => {
        const device = name.get(index);
        return device === undefined ? [] : [{ destination, gateway, device }];
      });
    },

    changeAddresses(steps) {
      if (steps.length > MAX_STEPS) {
        throw new TandemError('bad-request', `${steps.length} address steps at once; at most ${MAX_STEPS} are allowed`);
      }
      const present = steps.filter((step) => step.op === 'set' || indexOf(step.address.device) !== 0);
      const acks = socket.batch('changing addresses', present.map(writeStep));
      for (const [at, step] of present.entries()) {
        const ack = acks[at];
        if (ack === undefined || ack.errno === 0) continue;
        if (step.op === 'delete' && (ack.errno === EADDRNOTAVAIL || ack.errno === ENODEV)) continue;
        throw refusal(describeStep(step), ack);
      }
    },

    setUp(device) {
      const what = `switching on ${device}`;
      const index = indexOrThrow(what, device);
      socket.request(
        what,
        (writer, sequence) => writeSetUp(writer, sequence, index),
        () => undefined,
      );
    },

    setRoute(route) {
      const what = `setting the route ${route.destination} via ${route.gateway ?? 'no gateway'} dev ${route.device}`;
      const wire = wireRoute(route, indexOrThrow(what, route.device));
      socket.request(
        what,
        (writer, sequence) => writeSetRoute(writer, sequence, wire),
        () => undefined,
      );
    },

    watch: (onChange) => watchNetwork(onChange, queue),

    close: () => socket.close(),
  };
}

/** 0 = there is no such device. */
const indexOf = (device: string): number => libc.if_nametoindex(device);

function indexOrThrow(what: string, device: string): number {
  const index = indexOf(device);
  if (index === 0) throw noDevice(what, device);
  return index;
}

const describeStep = (step: AddressStep): string =>
  `${step.op === 'set' ? 'setting' : 'deleting'} the address ${describeAddress(step.address)}`;

/** A deletion has no lifetime: an observed address may have 0 s left. */
function writeStep(step: AddressStep): WriteRequest {
  const index = indexOrThrow(describeStep(step), step.address.device);
  const set = step.op === 'set';
  const wire = wireAddress(set ? step.address : { ...step.address, validSeconds: undefined }, index);
  const write = set ? writeNewAddress : writeDeleteAddress;
  return (writer, sequence) => write(writer, sequence, wire);
}
