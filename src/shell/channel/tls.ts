import { constants } from 'node:crypto';
import type { TcpNetConnectOpts } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createServer,
  type PeerCertificate,
  type Server,
  type TLSSocket,
} from 'node:tls';
import type { ChannelKey, TwinPlace } from '../../ports/twin.ts';

/**
 * TLS 1.3 with a pre-shared key and a fresh (EC)DHE exchange (RFC 8446, psk_dhe_ke): who learns the pair key later cannot
 * read what was said before. There are no certificates, and no tickets that would outlive a key.
 */

/** Borne by both ends, ms: what a box takes that has a fraction of its processor left, several times over. */
export const HANDSHAKE_MS = 20_000;
/** Connections at once, those in the handshake included. */
const MAX_CONNECTIONS = 8;
const only13 = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET } as const;

/** @param keys read for each handshake, so that a new pair key holds at once. */
export function channelServer(
  keys: () => readonly ChannelKey[],
  twin: string,
  on: { connected(socket: TLSSocket): void; refused(reason: string): void },
): Server {
  const server = createServer({
    ...only13,
    handshakeTimeout: HANDSHAKE_MS,
    pskCallback: (_socket, identity) => {
      try {
        return keys().find((key) => key.identity === identity)?.secret ?? null;
      } catch {
        return null;
      }
    },
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => on.refused('too many connections'));
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    on.refused(error.code ?? error.message);
    socket.destroy();
  });
  server.on('secureConnection', (socket) => {
    if (socket.remoteAddress === twin) on.connected(socket);
    else {
      socket.on('error', () => undefined);
      socket.destroy();
      on.refused('another address than the twin’s');
    }
  });
  return server;
}

const noCertificate = (_host: string, certificate: PeerCertificate): Error | undefined =>
  Object.keys(certificate ?? {}).length === 0 ? undefined : new Error('a certificate where the pair key is expected');

export function channelClient(key: ChannelKey, { twin, own, port }: TwinPlace): TLSSocket {
  const options: ConnectionOptions & TcpNetConnectOpts = {
    ...only13,
    host: twin,
    port,
    localAddress: own,
    // Nobody is believed for a certificate.
    ca: [],
    checkServerIdentity: noCertificate,
    pskCallback: () => ({ identity: key.identity, psk: key.secret }),
  };
  return connect(options);
}
