import { NETLINK_NETFILTER } from '../../src/codec/netlink/constants.ts';
import { decodeCounter, writeRuleDump } from '../../src/codec/nft/drops.ts';
import { GUARD_TABLE, guardScript, normalTable } from '../../src/codec/nft/guard.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { PacketGuard } from '../../src/ports/guard.ts';
import { openTable } from './nft.ts';
import { NetlinkSocket } from './socket.ts';

const CHAINS = ['input', 'forward'] as const;

/** The firewall and outbound masquerading in this network namespace. */
export function openGuard(): PacketGuard & { close: Close } {
  const words = GUARD_TABLE.split(' ');
  const list = ['--stateless', '--numeric', 'list', 'table', ...words];
  const table = openTable(list, (listing) => (listing === undefined ? undefined : normalTable(listing)));
  let socket: NetlinkSocket | undefined;

  return {
    read: table.read,
    // By netlink, because nft(8) reads the sets of the table too, which list every server.
    dropped() {
      if (table.read() === undefined) return [];
      socket ??= new NetlinkSocket(NETLINK_NETFILTER);
      const open = socket;
      return CHAINS.flatMap((chain) =>
        open
          .dump(
            `reading what ${chain} dropped`,
            (writer, sequence) => writeRuleDump(writer, sequence, words[1] ?? '', chain),
            decodeCounter,
          )
          .map((counted) => ({ chain, ...counted })),
      );
    },
    apply: (wanted) => table.run(guardScript(wanted?.text)),
    close() {
      table.close();
      socket?.close();
    },
  };
}
