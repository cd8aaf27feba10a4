import { execFileSync } from 'node:child_process';
import { NETLINK_NETFILTER } from '../../src/codec/netlink/constants.ts';
import { decodeGeneration, writeGenerationRequest } from '../../src/codec/nft/generation.ts';
import { TandemError } from '../../src/model/error.ts';
import type { Close } from '../../src/ports/clock.ts';
import { NetlinkSocket } from './socket.ts';

/** A listing of 10,000 elements has about 1 MB. */
const MAX_LISTING = 16 * 1024 * 1024;
const NFT_MS = 10_000;

/** One table of this network namespace's ruleset, by nft(8). */
export interface NftTable<T> {
  read(): T;
  /** One transaction: all of it or nothing. @throws TandemError `kernel-refused` with the first line that nft said. */
  run(script: string): void;
  readonly close: Close;
}

/**
 * The program is started only when the ruleset has changed since it was read last: the kernel's generation number tells,
 * whoever changed it.
 * @param list nft's words for the listing
 * @param made what a listing means; of undefined, that there is no such table, or no nftables in this kernel: a box that asks
 * for none must work all the same
 */
export function openTable<T>(list: readonly string[], made: (listing: string | undefined) => T): NftTable<T> {
  let socket: NetlinkSocket | undefined;
  let known: { readonly generation: number; readonly value: T } | undefined;

  function generation(): number | undefined {
    try {
      socket ??= new NetlinkSocket(NETLINK_NETFILTER);
      return socket.request('reading the generation of the ruleset', writeGenerationRequest, decodeGeneration)[0];
    } catch (error) {
      if (error instanceof TandemError && (error.code === 'io' || error.code === 'kernel-refused')) return undefined;
      throw error;
    }
  }

  function listing(): string | undefined {
    try {
      return nft(list);
    } catch (error) {
      if (error instanceof TandemError && /No such file or directory/.test(error.message)) return undefined;
      throw error;
    }
  }

  return {
    read() {
      // Before the listing: what changes meanwhile is read again the next time.
      const now = generation();
      if (now === undefined) return made(undefined);
      if (known?.generation !== now) known = { generation: now, value: made(listing()) };
      return known.value;
    },
    run(script) {
      known = undefined;
      nft(['-f', '-'], script);
    },
    close: () => socket?.close(),
  };
}

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
