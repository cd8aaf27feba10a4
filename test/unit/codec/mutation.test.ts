import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeDaemon, decodeTimeouts } from '../../../src/codec/ipvs/daemon.ts';
import { decodeDestination } from '../../../src/codec/ipvs/destination.ts';
import { decodeService } from '../../../src/codec/ipvs/service.ts';
import { decodeAck, decodeDone } from '../../../src/codec/netlink/ack.ts';
import { decodeFamily, decodeGeneric } from '../../../src/codec/netlink/genetlink.ts';
import { type NetlinkMessage, splitMessages } from '../../../src/codec/netlink/message.ts';
import { decodeAddress } from '../../../src/codec/rtnetlink/address.ts';
import { decodeLink } from '../../../src/codec/rtnetlink/link.ts';
import { notificationKind } from '../../../src/codec/rtnetlink/notification.ts';
import { decodeRoute } from '../../../src/codec/rtnetlink/route.ts';
import { mutated, survives } from './arbitraries.ts';
import { bytesOf, golden } from './golden.ts';

const decoders: readonly ((message: NetlinkMessage) => unknown)[] = [
  decodeAck,
  decodeDone,
  decodeAddress,
  decodeLink,
  decodeRoute,
  decodeFamily,
  notificationKind,
  (message) => decodeService(decodeGeneric(message).attributes),
  (message) => decodeDestination(decodeGeneric(message).attributes, 2),
  (message) => decodeDaemon(decodeGeneric(message).attributes),
  (message) => decodeTimeouts(decodeGeneric(message).attributes),
];

/** Single messages as the kernel really sent them. */
const seeds = (['ip', 'ipvsadm'] as const)
  .flatMap((tool) => golden(tool).all)
  .flatMap((command) => command.datagrams.filter(({ to }) => to === 'user'))
  .flatMap(({ hex }) => {
    const datagram = bytesOf(hex);
    let at = 0;
    return splitMessages(datagram).map(({ payload }) => {
      const size = payload.length + 16;
      const message = datagram.slice(at, at + size);
      at += (size + 3) & ~3;
      return message;
    });
  });

test('100,000 mutated messages of a real kernel give a value or a typed error, from every decoder', () => {
  let [messages, values, refusals] = [0, 0, 0];
  fc.assert(
    fc.property(mutated(seeds), (bytes) => {
      messages += 1;
      let split: NetlinkMessage[] = [];
      survives(() => {
        split = splitMessages(bytes);
      });
      for (const message of split) {
        for (const decode of decoders) {
          if (survives(() => decode(message))) values += 1;
          else refusals += 1;
        }
      }
    }),
    { numRuns: 100_000 },
  );
  assert.equal(messages, 100_000);
  assert.ok(values > 50_000 && refusals > 50_000, `${values} values, ${refusals} refusals`);
});
