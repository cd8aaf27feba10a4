import type { Check } from './check.ts';
import type { Fault } from './error.ts';
import { fault } from './faults.ts';
import type { Protocol } from './ipvs.ts';

/** The rules of a check that no field can judge by itself. */

type Path = readonly (string | number)[];

const isHex = (text: string): boolean => /^(?:[0-9a-fA-F]{2})+$/.test(text);
/** Types that connect by TCP to the server's own port unless told another. */
const BY_TCP: readonly Check['type'][] = ['tcp', 'http', 'https', 'tls', 'smtp'];
const BY_UDP: readonly Check['type'][] = ['udp', 'dns'];

export function checkFaults(check: Check, path: Path): Fault[] {
  const faults: Fault[] = [];
  const { timeout_ms, interval_ms, retry_ms } = check;
  const atMost = `give at most the interval, ${interval_ms} ms`;
  if (timeout_ms > interval_ms) faults.push(fault([...path, 'timeout_ms'], timeout_ms, atMost));
  if (retry_ms !== undefined && retry_ms > interval_ms) faults.push(fault([...path, 'retry_ms'], retry_ms, atMost));
  if ((check.type === 'http' || check.type === 'https') && check.method !== 'GET') {
    for (const field of ['body_contains', 'body_sha256'] as const) {
      if (check[field] === undefined) continue;
      const remedy = `leave it out, or give GET as the method: ${check.method} is asked for no body`;
      faults.push(fault([...path, field], check[field], remedy));
    }
  }
  if (check.type === 'udp' && check.encoding === 'hex') {
    for (const field of ['send', 'expect'] as const) {
      const text = check[field];
      if (text === undefined || isHex(text)) continue;
      const remedy = 'give an even number of hexadecimal digits, like 0a1b, or leave out encoding: hex';
      faults.push(fault([...path, field], text, remedy));
    }
  }
  return faults;
}

/** A check that speaks the other protocol to the service's port. */
export function checkWarnings(check: Check, protocol: Protocol, path: Path): Fault[] {
  const crossed = (protocol === 'udp' ? BY_TCP : BY_UDP).includes(check.type);
  if (!crossed || ('port' in check && check.port !== undefined)) return [];
  const what =
    protocol === 'udp'
      ? 'connects by TCP to the UDP port: a server that speaks only UDP there counts as down'
      : 'asks the TCP port by UDP: a server that speaks only TCP there counts as down';
  return [fault([...path, 'type'], check.type, `${what}; give check.port`)];
}
