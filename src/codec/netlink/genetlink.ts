import type { Attributes } from './attributes.ts';
import { NLM_F_ACK, NLM_F_REQUEST } from './constants.ts';
import { malformed } from './malformed.ts';
import { attributesAfter, fixedPart, type NetlinkMessage } from './message.ts';
import type { MessageHead, NetlinkWriter } from './writer.ts';

/** linux/genetlink.h: families have names; their message type is asked of the controller (GENL_ID_CTRL). */
const GENL_ID_CTRL = 16;
const CTRL_VERSION = 2;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;

const GENL_HEADER_SIZE = 4;

/** A generic netlink message: genlmsghdr, then the attributes that `body` writes. */
export function writeGeneric(
  writer: NetlinkWriter,
  head: MessageHead,
  command: number,
  version: number,
  body: () => void,
): void {
  writer.message(head, () => {
    writer.u8(command);
    writer.u8(version);
    writer.u16(0);
    body();
  });
}

export interface Generic {
  readonly command: number;
  readonly attributes: Attributes;
}

/** @throws TandemError `bad-frame`. */
export function decodeGeneric(message: NetlinkMessage): Generic {
  const view = fixedPart(message.payload, GENL_HEADER_SIZE, 'a generic netlink header');
  return { command: view.getUint8(0), attributes: attributesAfter(message.payload, GENL_HEADER_SIZE) };
}

/** Asks for the message type of a family by its name. */
export function writeFamilyRequest(writer: NetlinkWriter, sequence: number, name: string): void {
  const head = { type: GENL_ID_CTRL, flags: NLM_F_REQUEST | NLM_F_ACK, sequence };
  writeGeneric(writer, head, CTRL_CMD_GETFAMILY, CTRL_VERSION, () =>
    writer.attributeString(CTRL_ATTR_FAMILY_NAME, name),
  );
}

/** The message type. @throws TandemError `bad-frame`. */
export function decodeFamily(message: NetlinkMessage): number {
  const id = decodeGeneric(message).attributes.u16(CTRL_ATTR_FAMILY_ID);
  if (id === undefined) throw malformed('a generic netlink family without an id');
  return id;
}
