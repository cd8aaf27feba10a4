import { Resolver } from 'node:dns';
import { isIPv6 } from 'node:net';
import type { QuestionOf } from '../../src/model/check.ts';
import { type Probe, startAttempt } from './attempt.ts';
import { quoted } from './lineCheck.ts';
import { answerOf } from './words.ts';

/** c-ares' codes in words (node:dns). */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'NXDOMAIN: there is no such name',
  ENODATA: 'no such record',
  ESERVFAIL: 'SERVFAIL',
  EREFUSED: 'REFUSED',
  EFORMERR: 'FORMERR',
  ENOTIMP: 'NOTIMP',
  EBADRESP: 'the answer is not DNS',
  ETIMEOUT: 'timed out',
};

/** A DNS server is there when it answers a query with at least one record, or with the expected one. Asks once. */
export const dnsProbe: Probe<QuestionOf<'dns'>> = ({ address, port, source, timeout, question }, done) => {
  const resolver = new Resolver({ timeout, tries: 1, maxTimeout: timeout });
  const attempt = startAttempt(timeout, done, () => resolver.cancel());
  resolver.setServers([`${isIPv6(address) ? `[${address}]` : address}:${port}`]);
  if (source !== undefined) {
    if (isIPv6(source)) resolver.setLocalAddress('0.0.0.0', source);
    else resolver.setLocalAddress(source);
  }
  resolver.resolve(question.name, question.record, (error, found) => {
    if (error !== null) {
      const words = WORDS[error.code ?? ''];
      attempt.end(words === undefined ? answerOf(error) : { ok: false, reason: words });
      return;
    }
    const records = (Array.isArray(found) ? found : [found]).map(printed);
    const { answer } = question;
    if (answer === undefined || records.some((record) => same(record, answer))) {
      attempt.end({ ok: true, reason: `${records.length} records in ${attempt.elapsed()} ms` });
    } else attempt.fail(`${quoted(records.join(', '))}, expected ${quoted(answer)}`);
  });
  return attempt.cancel;
};

/** Names are compared without regard to case and to the dot at their end (RFC 4343). */
const same = (left: string, right: string): boolean => plain(left) === plain(right);
const plain = (text: string): string => text.toLowerCase().replaceAll(/\.(?=\s|$)/g, '');

/** A record as `dig +short` prints it. */
function printed(record: unknown): string {
  if (typeof record === 'string') return record;
  if (Array.isArray(record)) return record.join('');
  const fields = record as Readonly<Record<string, string | number>>;
  // The order of the fields in the record's text (RFC 1035, section 3.3; RFC 2782).
  const order = ['nsname', 'hostmaster', 'serial', 'refresh', 'retry', 'expire', 'minttl'];
  const mail = ['priority', 'exchange'];
  const service = ['priority', 'weight', 'port', 'name'];
  const names = 'nsname' in fields ? order : 'exchange' in fields ? mail : service;
  return names.map((name) => fields[name]).join(' ');
}
