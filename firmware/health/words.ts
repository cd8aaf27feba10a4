import type { ProbeAnswer } from '../../src/ports/health.ts';

/** errno(3) in words; what the server or the way to it is to blame for. */
const THEIRS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

/** What this box is to blame for: it proves nothing about the server. */
const OURS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'this box has no such address, or no local port is free',
  EMFILE: 'this process has no file descriptor left',
  ENFILE: 'this box has no file descriptor left',
  ENOBUFS: 'this box has no buffer left',
  ENOMEM: 'this box has no memory left',
  EPERM: 'this process may not ask',
  EACCES: 'this process may not ask',
};

/** The answer that an error of a socket means. */
export function answerOf(error: { readonly code?: string | undefined; readonly message: string }): ProbeAnswer {
  const { code = error.message } = error;
  const ours = OURS[code];
  return ours === undefined ? { ok: false, reason: THEIRS[code] ?? code } : { ok: null, reason: ours };
}
