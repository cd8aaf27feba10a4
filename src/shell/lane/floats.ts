import type { Lane } from '../../model/lane.ts';
import { SIDES, type Side } from '../../model/pair.ts';
import type { Address, AddressStep, Network } from '../../ports/network.ts';

/**
 * Kernel lifetime of a held float in seconds: an owner that no longer renews loses it 2.0 to 2.4 s later (valid_lft is
 * counted in whole seconds, ip-address(8)).
 */
export const FLOAT_LIFETIME = 2;

export type Floats = Lane['floats'];

/** A float's addresses, IPv4 first. */
export const addressesOf = ({ address, address6 }: Floats[Side]): readonly string[] =>
  address6 === undefined ? [address] : [address, address6.address];

/** @param how `whole`: in both families, where it has two; `any`: in one at least. */
export function heldFloats(network: Network, floats: Floats, how: 'whole' | 'any' = 'whole'): Record<Side, boolean> {
  const present = network.addresses();
  const held = (side: Side): boolean => {
    const { device } = floats[side];
    const there = (address: string): boolean =>
      present.some((entry) => entry.device === device && entry.address === address);
    const all = addressesOf(floats[side]);
    return how === 'whole' ? all.every(there) : all.some(there);
  };
  return { public: held('public'), private: held('private') };
}

/**
 * The VIP last. Going up, the way back is there, and known to the real servers, before the first request comes in; going
 * down, clients are served until nothing else is left to do: replies that reach this MAC are masqueraded all the same.
 */
export const INWARD_FIRST: readonly Side[] = ['private', 'public'];

/** Both floats in one batch: one without the other is a fault, not a state. */
export function setFloats(network: Network, floats: Floats): void {
  network.changeAddresses(
    INWARD_FIRST.flatMap((side) => asAddresses(floats[side], FLOAT_LIFETIME)).map((address) => ({
      op: 'set',
      address,
    })),
  );
}

export function dropFloats(network: Network, floats: Floats): void {
  network.changeAddresses(
    INWARD_FIRST.flatMap((side) => asAddresses(floats[side], undefined)).map((address) => ({ op: 'delete', address })),
  );
}

/** Moves what is held from the old document's floats to the new one's, in one batch. */
export function moveFloats(network: Network, before: Floats, after: Floats): void {
  const gone = SIDES.filter((side) => JSON.stringify(before[side]) !== JSON.stringify(after[side]));
  const steps: AddressStep[] = [
    ...gone
      .flatMap((side) => asAddresses(before[side], undefined))
      .map((address): AddressStep => ({ op: 'delete', address })),
    ...INWARD_FIRST.flatMap((side) => asAddresses(after[side], FLOAT_LIFETIME)).map(
      (address): AddressStep => ({ op: 'set', address }),
    ),
  ];
  network.changeAddresses(steps);
}

/** What `ip -batch` runs when the lane has died: systemd's ExecStopPost reads this file. */
export function releaseBatch(floats: Floats): string {
  return INWARD_FIRST.flatMap((side) => asAddresses(floats[side], undefined))
    .map(({ address, prefix, device }) => `address del ${address}/${prefix} dev ${device}\n`)
    .join('');
}

/** A label is for IPv4 alone (ip-address(8)). */
function asAddresses(float: Floats[Side], validSeconds: number | undefined): Address[] {
  const { device, address, prefix, label, address6 } = float;
  const four = { device, address, prefix, label, validSeconds };
  return address6 === undefined ? [four] : [four, { device, ...address6, label: '', validSeconds }];
}
