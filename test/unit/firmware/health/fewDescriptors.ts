/** In a process with few descriptors: 200 questions to a silent server at once, then one to a server that is there. */
import { createProber } from '../../../../firmware/health/prober.ts';
import type { ProbeAnswer } from '../../../../src/ports/health.ts';
import { tcpServer } from './ask.ts';
import { openSilence } from './silence.ts';

const prober = createProber({ icmpId: 1, scripts: '/nowhere' });
const server = await tcpServer();
const silence = openSilence();
const short: ProbeAnswer[] = [];
const ask = (port: number, done: (answer: ProbeAnswer) => void): (() => void) =>
  prober.ask({ address: '127.0.0.1', port, timeout: 30_000, question: { type: 'tcp' } }, done);

const cancels = Array.from({ length: 200 }, () => ask(silence.port, (answer) => short.push(answer)));
// Answers of a question that could not be asked come in the next turn of the loop.
setTimeout(() => {
  for (const cancel of cancels) cancel();
  ask(server.port, (later) => {
    process.stdout.write(JSON.stringify({ short, later }), () => process.exit(0));
  });
}, 100);
