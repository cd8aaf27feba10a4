import type { Question } from '../../src/model/check.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { ProbeAnswer, Prober } from '../../src/ports/health.ts';
import { agentProbe } from './agentCheck.ts';
import type { Probe } from './attempt.ts';
import { dnsProbe } from './dnsCheck.ts';
import { httpProbe } from './httpCheck.ts';
import { createIcmpProbe } from './icmpCheck.ts';
import { createScriptProbe } from './scriptCheck.ts';
import { smtpProbe } from './smtpCheck.ts';
import { createTcpProbe } from './tcpCheck.ts';
import { tlsProbe } from './tlsCheck.ts';
import { udpProbe } from './udpCheck.ts';

export interface ProberOptions {
  /** Tells this process' echo requests from another's, 0 to 65535. */
  readonly icmpId: number;
  /** Unix socket of the unit that runs scripts. */
  readonly scripts: string;
}

/** Every kind of question. A reason begins with the kind, save those of `tcp`: `http: status 503, expected 200-299`. */
export function createProber({ icmpId, scripts }: ProberOptions): Prober & { readonly close: Close } {
  const icmp = createIcmpProbe(icmpId);
  const tcp = createTcpProbe();
  const kinds: { readonly [T in Question['type']]: Probe<Extract<Question, { type: T }>> } = {
    tcp: tcp.probe,
    http: httpProbe,
    https: httpProbe,
    tls: tlsProbe,
    dns: dnsProbe,
    smtp: smtpProbe,
    icmp: icmp.probe,
    udp: udpProbe,
    script: createScriptProbe(scripts),
    agent: agentProbe,
  };
  return {
    ask(target, done) {
      const { type } = target.question;
      const told = (answer: ProbeAnswer): ProbeAnswer =>
        type === 'tcp' ? answer : { ...answer, reason: `${type}: ${answer.reason}` };
      let cancelled = false;
      let later = (answer: ProbeAnswer): void => {
        setImmediate(() => {
          if (!cancelled) done(answer);
        });
      };
      const cancel = (kinds[type] as Probe)(target, (answer) => later(told(answer)));
      later = done;
      return () => {
        cancelled = true;
        cancel();
      };
    },
    close() {
      icmp.close();
      tcp.close();
    },
  };
}
