import { execFileSync } from 'node:child_process';
import { NETLINK_NETFILTER } from '../../src/codec/netlink/constants.ts';
import { MARK_TABLE, markScript } from '../../src/codec/nft/commands.ts';
import { decodeGeneration, writeGenerationRequest } from '../../src/codec/nft/generation.ts';
import { NO_TABLE, readListing } from '../../src/codec/nft/listing.ts';
import { TandemError } from '../../src/model/error.ts';
import type { MarkTable } from '../../src/model/marks.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { PacketMarks } from '../../src/ports/marks.ts';
import { NetlinkSocket } from './socket.ts';

/** A listing of 10,000 elements has about 1 MB. */
const MAX_LISTING = 16 * 1024 * 1024;
const NFT_MS = 10_000;

/**
 * Firewall marks by nft(8) in this network namespace. The program is started only when the ruleset has changed since it was
 * read last: the kernel's generation number tells, whoever changed it.
 */
export function openMarks(): PacketMarks & { close: Close } {
  let socket: NetlinkSocket | undefined;
  let known: { readonly generation: number; readonly table: MarkTable } | undefined;

  /** undefined when the kernel has no nftables: a box that asks for no marks must work all the same. */
  function generation(): number | undefined {
    try {
      socket ??= new NetlinkSocket(NETLINK_NETFILTER);
      return socket.request('reading the generation of the ruleset', writeGenerationRequest, decodeGeneration)[0];
    } catch (error) {
      if (error instanceof TandemError && (error.code === 'io' || error.code === 'kernel-refused')) return undefined;
      throw error;
    }
  }

  return {
    read() {
      // Before the listing: what changes meanwhile is read again the next time.
      const now = generation();
      if (now === undefined) return NO_TABLE;
      if (known?.generation !== now) known = { generation: now, table: readTable() };
      return known.table;
    },
    apply(steps) {
      known = undefined;
      nft(['-f', '-'], markScript(steps));
    },
    close: () => socket?.close(),
  };
}

function readTable(): MarkTable {
  try {
    return readListing(nft(['-j', 'list', 'table', ...MARK_TABLE.split(' ')]));
  } catch (error) {
    if (error instanceof TandemError && /No such file or directory/.test(error.message)) return NO_TABLE;
    throw error;
  }
}

/** @throws TandemError `kernel-refused` with the first line that nft said. */
function nft(words: readonly string[], input = ''): string {
  try {
    return execFileSync('nft', words, {
      input,
      encoding: 'utf8',
      timeout: NFT_MS,
      maxBuffer: MAX_LISTING,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (cause) {
    const said = typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : '';
    const why = said === '' ? (cause instanceof Error ? cause.message : String(cause)) : said.split('\n')[0];
    throw new TandemError('kernel-refused', `nft ${words.join(' ')}: ${why}`, {
      remedy: 'run as root; the package nftables and the module nf_tables are needed',
      cause,
    });
  }
}
