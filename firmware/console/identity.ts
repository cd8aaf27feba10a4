import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TandemError } from '../../src/model/error.ts';
import type { Identity } from '../../src/ports/console.ts';
import { writeAtomic } from '../store/atomic.ts';

const run = promisify(execFile);

const TEN_YEARS = '3652';
/** An emulated box takes seconds. */
const PATIENCE_MS = 60_000;

/** What a browser compares with the address line (RFC 6125, section 6.4; IP addresses as such). */
const namesOf = (addresses: readonly string[], names: readonly string[]): string =>
  [
    ...addresses.map((address) => `IP:${address}`),
    ...names.map((name) => `${/^[0-9.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`),
  ].join(',');

const readOptional = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Undefined when there is no sound key at `path`. */
function soundKey(path: string): string | undefined {
  const key = readOptional(path);
  try {
    return key !== undefined && createPrivateKey(key).asymmetricKeyType === 'ec' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a certificate is of this key and for exactly these names. */
function fits(certificate: string, key: string, alternatives: string): boolean {
  try {
    const read = new X509Certificate(certificate);
    const said = (read.subjectAltName ?? '').replaceAll('IP Address:', 'IP:').replaceAll(', ', ',');
    return said === alternatives && read.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/**
 * The console's key (EC P-256, made once, root alone) and its self-signed certificate, in `folder`. The certificate is made
 * again when the names differ, with the same key: who trusts the key goes on doing so. Needs openssl(1).
 * Rejects with TandemError `io`.
 */
export async function loadIdentity(
  folder: string,
  commonName: string,
  addresses: readonly string[],
  names: readonly string[],
): Promise<Identity> {
  const paths = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let key = soundKey(paths.key);
  if (key === undefined) {
    key = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey;
    await writeAtomic(paths.key, key, 0o600);
  }
  const alternatives = namesOf(addresses, names);
  const known = readOptional(paths.certificate);
  if (known !== undefined && fits(known, key, alternatives)) return { key, certificate: known };
  const certificate = await selfSigned(paths.key, commonName, alternatives);
  await writeAtomic(paths.certificate, certificate, 0o644);
  return { key, certificate };
}

async function selfSigned(keyPath: string, commonName: string, alternatives: string): Promise<string> {
  const args = [
    ...['req', '-x509', '-new', '-key', keyPath, '-sha256', '-days', TEN_YEARS],
    ...['-subj', `/CN=${commonName}`, '-addext', `subjectAltName=${alternatives}`],
    ...['-addext', 'keyUsage=critical,digitalSignature', '-addext', 'extendedKeyUsage=serverAuth'],
  ];
  try {
    return (await run('openssl', args, { timeout: PATIENCE_MS })).stdout;
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n')[0] ?? String(cause);
    throw new TandemError('io', `openssl made no certificate: ${said}`, {
      remedy: 'see that the package openssl is there and the disk not full',
      cause,
    });
  }
}
