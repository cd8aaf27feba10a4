import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { CLIENT, featureBench, kinds, SPACES, server, service, VIP } from './bench.ts';

/** Node has no SCTP; Perl’s sockets take the protocol’s number (132, RFC 9260). */
const OPEN = (address: string, port: number): string =>
  `use Socket; $| = 1; socket(S, AF_INET, SOCK_STREAM, 132) or die "socket: $!"; ` +
  `bind(S, pack_sockaddr_in(${port}, inet_aton("${address}"))) or die "bind: $!";`;
const answering = (name: string, address: string): string =>
  `${OPEN(address, 2905)} listen(S, 9) or die "listen: $!"; print "ready\n"; ` +
  `while (accept(C, S)) { syswrite(C, "${name}\n"); close(C); }`;
const asking = (address: string): string =>
  `${OPEN(address, 0)} alarm 5; connect(S, pack_sockaddr_in(2905, inet_aton("${VIP}"))) or die "connect: $!"; print <S>;`;

const { serve } = featureBench([], 'modprobe sctp');

test('SCTP: associations are masqueraded to the servers in turn, by packets', async (t) => {
  for (const [index, space] of SPACES.entries()) {
    const script = answering(`s${index + 1}`, `192.0.2.${11 + index}`);
    const child = spawn('ip', ['netns', 'exec', space, 'perl', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill());
    await once(child.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
  }
  serve(service({ protocol: 'sctp', port: 2905, servers: [server(11), server(12)] }));
  const ask = (): string =>
    execFileSync('ip', ['netns', 'exec', CLIENT, 'perl', '-e', asking('203.0.113.10')], { encoding: 'utf8' }).trim();
  assert.deepEqual(kinds([ask(), ask()]), ['s1', 's2']);
});
