import type { Lane } from '../../model/lane.ts';
import { SIDES, type Side } from '../../model/pair.ts';
import type { Address, AddressStep, Network } from '../../ports/network.ts';

/**
 * Kernel lifetime of a held float in seconds: an owner that no longer renews loses it 2.0 to 2.4 s later (valid_lft is
 * counted in whole seconds, ip-address(8)).
 */
export const FLOAT_LIFETIME = 2;

export type Floats = Lane['floats'];

/** Whether this kernel holds each float on its device. */
export function heldFloats(network: Network, floats: Floats): Record<Side, boolean> {
  const present = network.addresses();
  const held = (side: Side): boolean =>
    present.some((entry) => entry.device === floats[side].device && entry.address === floats[side].address);
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
    INWARD_FIRST.map((side) => ({ op: 'set', address: asAddress(floats[side], FLOAT_LIFETIME) })),
  );
}

export function dropFloats(network: Network, floats: Floats): void {
  network.changeAddresses(INWARD_FIRST.map((side) => ({ op: 'delete', address: asAddress(floats[side], undefined) })));
}

/** Moves what is held from the old document's floats to the new one's, in one batch. */
export function moveFloats(network: Network, before: Floats, after: Floats): void {
  const gone = SIDES.filter((side) => JSON.stringify(before[side]) !== JSON.stringify(after[side]));
  const steps: AddressStep[] = [
    ...gone.map((side): AddressStep => ({ op: 'delete', address: asAddress(before[side], undefined) })),
    ...INWARD_FIRST.map((side): AddressStep => ({ op: 'set', address: asAddress(after[side], FLOAT_LIFETIME) })),
  ];
  network.changeAddresses(steps);
}

/** What `ip -batch` runs when the lane has died: systemd's ExecStopPost reads this file. */
export function releaseBatch(floats: Floats): string {
  return INWARD_FIRST.map(
    (side) => `address del ${floats[side].address}/${floats[side].prefix} dev ${floats[side].device}\n`,
  ).join('');
}

function asAddress(float: Floats[Side], validSeconds: number | undefined): Address {
  return {
    device: float.device,
    address: float.address,
    prefix: float.prefix,
    label: float.label,
    validSeconds,
  };
}
