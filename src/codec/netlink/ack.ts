import { Attributes } from './attributes.ts';
import {
  align,
  HEADER_SIZE,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
} from './constants.ts';
import { malformed } from './malformed.ts';
import { fixedPart, type NetlinkMessage } from './message.ts';

/** The kernel's verdict on one request. */
export interface Ack {
  /** Positive errno; 0 = done. */
  readonly errno: number;
  /** Extended-ack text; empty when the kernel gave none. Present with errno 0 as a warning. */
  readonly text: string;
  /** Offset of the attribute that was refused, from the start of the request's header. */
  readonly offset: number | undefined;
  /** Type of an attribute that is missing. */
  readonly missing: number | undefined;
}

const ERRNO_SIZE = 4;

/** NLMSG_ERROR: the verdict on the request of the same sequence. @throws TandemError `bad-frame`. */
export function decodeAck(message: NetlinkMessage): Ack {
  const view = fixedPart(message.payload, ERRNO_SIZE + HEADER_SIZE, 'an acknowledgement');
  const errno = -view.getInt32(0, true);
  const capped = errno === 0 || (message.flags & NLM_F_CAPPED) !== 0;
  const request = capped ? HEADER_SIZE : view.getUint32(ERRNO_SIZE, true);
  if (request > message.payload.length) throw malformed(`an acknowledgement that repeats ${request} bytes`);
  return withExtras(message, errno, ERRNO_SIZE + align(request));
}

/** NLMSG_DONE: the verdict on a whole dump. Kernels send the errno; a bare DONE counts as success. */
export function decodeDone(message: NetlinkMessage): Ack {
  if (message.payload.length < ERRNO_SIZE) return { errno: 0, text: '', offset: undefined, missing: undefined };
  const view = fixedPart(message.payload, ERRNO_SIZE, 'the end of a dump');
  return withExtras(message, -Math.min(0, view.getInt32(0, true)), ERRNO_SIZE);
}

function withExtras(message: NetlinkMessage, errno: number, at: number): Ack {
  const plain = { errno: Math.abs(errno), text: '', offset: undefined, missing: undefined };
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return plain;
  const extras = new Attributes(message.payload, at);
  return {
    ...plain,
    text: extras.string(NLMSGERR_ATTR_MSG) ?? '',
    offset: extras.u32(NLMSGERR_ATTR_OFFS),
    missing: extras.u32(NLMSGERR_ATTR_MISS_TYPE),
  };
}
