import { connect } from 'node:net';
import type { ProbeAnswer, Prober } from '../../src/ports/health.ts';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ECONNRESET: 'reset',
  EADDRNOTAVAIL: 'no local port is free',
  EMFILE: 'this process has no file descriptor left',
};

/**
 * A server is there when it completes the handshake. The connection is closed by reset: hundreds of checks a second
 * would otherwise leave as many local ports in TIME_WAIT.
 */
export const tcpProber: Prober = {
  connect({ address, port, timeout }, done) {
    const begun = performance.now();
    const socket = connect({ host: address, port, autoSelectFamily: false });
    let over = false;
    const end = (answer: ProbeAnswer | undefined): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      if (answer?.ok === true) socket.resetAndDestroy();
      else socket.destroy();
      if (answer !== undefined) done(answer);
    };
    const timer = setTimeout(() => end({ ok: false, reason: 'timed out' }), timeout);
    socket.on('connect', () => end({ ok: true, reason: `connected in ${Math.round(performance.now() - begun)} ms` }));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'unknown error';
      end({ ok: false, reason: WORDS[code] ?? code });
    });
    return () => end(undefined);
  },
};
