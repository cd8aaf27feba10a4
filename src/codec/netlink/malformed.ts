import { TandemError } from '../../model/error.ts';

/** The one error of the decoders: bytes that no kernel sends. */
export const malformed = (what: string): TandemError =>
  new TandemError('bad-frame', `malformed netlink message: ${what}`, {
    remedy: 'report this with the kernel version: the kernel and this release disagree about the format',
  });
