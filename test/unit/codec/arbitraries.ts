import fc from 'fast-check';
import { type NetlinkMessage, splitMessages } from '../../../src/codec/netlink/message.ts';
import { NetlinkWriter } from '../../../src/codec/netlink/writer.ts';
import { TandemError } from '../../../src/model/error.ts';

/** What the codec's tests share. */

export const ip4: fc.Arbitrary<string> = fc.ipV4();

/** In the form that the codec prints. */
export const ip6: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 16, maxLength: 16 });

/** Plain objects, so that deepEqual compares values only. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;

export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const u16 = fc.integer({ min: 0, max: 0xffff });

/** A name as devices, labels and schedulers have. */
export const name = fc.string({ unit: fc.constantFrom(...'abcz019:._-'), minLength: 1, maxLength: 15 });

/** The bytes of what `write` writes; a copy. */
export function written(write: (writer: NetlinkWriter) => void): Uint8Array {
  const writer = new NetlinkWriter(1);
  write(writer);
  return writer.bytes().slice();
}

/** The only message in the bytes. */
export function only(bytes: Uint8Array): NetlinkMessage {
  const messages = splitMessages(bytes);
  if (messages.length !== 1 || messages[0] === undefined) throw new Error(`${messages.length} messages`);
  return messages[0];
}

/** A few bytes changed, some lost at the end: what a codec must survive. */
export const mutated = (seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      seed: fc.constantFrom(...seeds),
      changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 40 })),
    })
    .map(({ seed, changes, cut }) => {
      const bytes = seed.slice(0, Math.max(0, seed.length - cut));
      for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
      return bytes;
    });

/** Runs a decoder that may refuse, but only as `bad-frame`. @returns whether it accepted. */
export function survives(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof TandemError && error.code === 'bad-frame') return false;
    throw error;
  }
}
