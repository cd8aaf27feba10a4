import { MARK_TABLE, markScript } from '../../src/codec/nft/commands.ts';
import { NO_TABLE, readListing } from '../../src/codec/nft/listing.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { PacketMarks } from '../../src/ports/marks.ts';
import { openTable } from './nft.ts';

/** Firewall marks in this network namespace. */
export function openMarks(): PacketMarks & { close: Close } {
  const table = openTable(['-j', 'list', 'table', ...MARK_TABLE.split(' ')], (listing) =>
    listing === undefined ? NO_TABLE : readListing(listing),
  );
  return { read: table.read, apply: (steps) => table.run(markScript(steps)), close: table.close };
}
