import { NLM_F_ACK, NLM_F_REQUEST } from '../netlink/constants.ts';
import { malformed } from '../netlink/malformed.ts';
import { attributesAfter, type NetlinkMessage } from '../netlink/message.ts';
import type { NetlinkWriter } from '../netlink/writer.ts';

/** linux/netfilter/nf_tables.h, of the subsystem NFNL_SUBSYS_NFTABLES. */
const NFT_MSG_GETGEN = (10 << 8) | 16;
const NFTA_GEN_ID = 1;
/** struct nfgenmsg: family, version, resource id. */
const NFGENMSG_SIZE = 4;

/** Asks for the generation of this namespace's ruleset: it changes with every transaction, whoever made it. */
export const writeGenerationRequest = (writer: NetlinkWriter, sequence: number): void =>
  writer.message({ type: NFT_MSG_GETGEN, flags: NLM_F_REQUEST | NLM_F_ACK, sequence }, () => writer.u32(0));

/** @throws TandemError `bad-frame`. */
export function decodeGeneration(message: NetlinkMessage): number {
  const bytes = attributesAfter(message.payload, NFGENMSG_SIZE).bytes(NFTA_GEN_ID, 4);
  if (bytes === undefined) throw malformed('the ruleset’s generation is missing');
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}
