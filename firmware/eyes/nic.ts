import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NicFigures } from '../../src/model/nic.ts';

/**
 * A NIC as /sys/class/net shows it (Documentation/ABI/testing/sysfs-class-net); undefined when there is no such device.
 * @param root another folder for tests
 */
export function readNic(device: string, root = '/sys/class/net'): NicFigures | undefined {
  // A name with a slash is no device's (dev_valid_name in net/core/dev.c).
  if (device.includes('/') || device === '.' || device === '..') return undefined;
  const text = (name: string): string | undefined => {
    try {
      return readFileSync(join(root, device, name), 'latin1').trim();
    } catch {
      // Drivers refuse what they do not know, and speed and carrier of a NIC that is switched off (EINVAL).
      return undefined;
    }
  };
  const number = (name: string): number | undefined => {
    const value = Number(text(name) || Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const count = (name: string): number => number(`statistics/${name}`) ?? 0;
  const mtu = number('mtu');
  if (mtu === undefined) return undefined;
  const speed = number('speed') ?? -1;
  const duplex = text('duplex');
  return {
    mtu,
    carrier: number('carrier') === 1,
    // -1 as an unsigned number where a driver says SPEED_UNKNOWN (linux/ethtool.h).
    speed: speed > 0 && speed < 0xffff_ffff ? speed : null,
    duplex: duplex === 'full' || duplex === 'half' ? duplex : null,
    carrierChanges: number('carrier_changes') ?? 0,
    packets: count('rx_packets') + count('tx_packets'),
    errors: count('rx_errors') + count('tx_errors'),
    badChecksums: count('rx_crc_errors'),
    missed: count('rx_missed_errors'),
  };
}
