import { GUARD_TABLE, guardScript, normalTable } from '../../src/codec/nft/guard.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { PacketGuard } from '../../src/ports/guard.ts';
import { openTable } from './nft.ts';

/** The firewall and outbound masquerading in this network namespace. */
export function openGuard(): PacketGuard & { close: Close } {
  const words = ['--stateless', '--numeric', 'list', 'table', ...GUARD_TABLE.split(' ')];
  const table = openTable(words, (listing) => (listing === undefined ? undefined : normalTable(listing)));
  return { read: table.read, apply: (wanted) => table.run(guardScript(wanted?.text)), close: table.close };
}
