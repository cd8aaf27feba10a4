import type { TcpSocketConnectOpts } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { QuestionOf } from '../../src/model/check.ts';
import type { ProbeTarget } from '../../src/ports/health.ts';

/** What the checks that speak TLS share. */

type Certificate = Pick<QuestionOf<'tls'>, 'sni' | 'verify' | 'expiry_warning_days'>;

const DAY_MS = 86_400_000;

/** OpenSSL's and Node's words for a certificate that is not good, in ours. */
const WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has ended',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};

let trusted: SecureContext | undefined;

/** The authorities that Node brings and those of this box (/etc/ssl/certs); read once, at the first use: it takes long. */
function trust(): SecureContext {
  trusted ??= createSecureContext({ ca: [...getCACertificates('default'), ...getCACertificates('system')] });
  return trusted;
}

/** Begins a handshake; `refusalOf` judges the certificate when it is over, so that the reason is told in our words. */
export function openTls(target: Pick<ProbeTarget, 'address' | 'port' | 'source'>, question: Certificate): TLSSocket {
  const { address, port, source } = target;
  const options: ConnectionOptions & Partial<TcpSocketConnectOpts> = {
    host: address,
    port,
    autoSelectFamily: false,
    rejectUnauthorized: false,
    // An address is no server name (RFC 6066, section 3); an empty one sends none.
    servername: question.sni ?? '',
    ...(question.verify ? { secureContext: trust() } : {}),
    ...(source === undefined ? {} : { localAddress: source }),
  };
  return connect(options);
}

/** Why a certificate that is to be verified is not good; undefined when it is, or nobody asked. */
export function refusalOf(socket: TLSSocket, { verify }: Certificate): string | undefined {
  if (!verify || socket.authorized) return undefined;
  const error = socket.authorizationError as unknown;
  const code = error instanceof Error ? error.message : String(error);
  return `certificate is not good: ${WORDS[code] ?? code}`;
}

/** That the certificate ends within the days asked for; undefined when it does not. @param now wall clock, ms */
export function endingOf(
  socket: Pick<TLSSocket, 'getPeerCertificate'>,
  { expiry_warning_days }: Pick<Certificate, 'expiry_warning_days'>,
  now: number,
): string | undefined {
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  if (expiry_warning_days === 0 || Number.isNaN(end)) return undefined;
  const days = Math.floor((end - now) / DAY_MS);
  if (days >= expiry_warning_days) return undefined;
  return days < 0 ? 'the certificate has ended' : `the certificate ends in ${days} days`;
}
