import { NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/constants.ts';
import { attributesAfter, type NetlinkMessage } from '../netlink/message.ts';
import type { NetlinkWriter } from '../netlink/writer.ts';

/** linux/netfilter/nf_tables.h, of the subsystem NFNL_SUBSYS_NFTABLES. */
const NFT_MSG_GETRULE = (10 << 8) | 7;
const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTA_COUNTER_BYTES = 1;
const NFTA_COUNTER_PACKETS = 2;
/** linux/netfilter.h. */
const NFPROTO_INET = 1;
/** struct nfgenmsg: family, version, resource id. */
const NFGENMSG_SIZE = 4;

export interface Counted {
  readonly packets: number;
  readonly bytes: number;
}

/** Asks for the rules of one chain of a table of the family inet; none when there is no such chain. */
export const writeRuleDump = (writer: NetlinkWriter, sequence: number, table: string, chain: string): void =>
  writer.message({ type: NFT_MSG_GETRULE, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence }, () => {
    writer.u8(NFPROTO_INET);
    writer.raw(new Uint8Array(NFGENMSG_SIZE - 1));
    writer.attributeString(NFTA_RULE_TABLE, table);
    writer.attributeString(NFTA_RULE_CHAIN, chain);
  });

/** What the counter of a rule says; undefined for a rule without one. @throws TandemError `bad-frame`. */
export function decodeCounter(message: NetlinkMessage): Counted | undefined {
  const expressions = attributesAfter(message.payload, NFGENMSG_SIZE).nested(NFTA_RULE_EXPRESSIONS);
  const counter = expressions?.every(NFTA_LIST_ELEM).find((each) => each.string(NFTA_EXPR_NAME) === 'counter');
  const data = counter?.nested(NFTA_EXPR_DATA);
  if (data === undefined) return undefined;
  return { packets: big(data.bytes(NFTA_COUNTER_PACKETS, 8)), bytes: big(data.bytes(NFTA_COUNTER_BYTES, 8)) };
}

/** Network byte order; exact up to 2^53. */
const big = (bytes: Uint8Array | undefined): number =>
  bytes === undefined ? 0 : Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
