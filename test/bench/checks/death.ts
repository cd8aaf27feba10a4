/** Inside the test machine: how long clients meet a real server that has died, with Tandem's checks and keepalived's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { ControllerBox, EchoServer, until } from '../../kernel/controllerBox.ts';
import { enterNamespace, sh } from '../../kernel/netns.ts';
import { buildSegments, holdFloats } from '../../kernel/segments.ts';
import { Keepalived } from '../keepalived.ts';

const PREFIX = 'death';
const VIP = '198.51.100.10';
const PATIENCE_MS = 120_000;
/** Requests before the death that must all be answered, and the time after it in which errors are counted. */
const STEADY = 100;
const AFTER_MS = 6_000;
const runs = Number(process.argv[2] ?? 5);

/** What a check is by itself, at the interval that keepalived has here. */
const TEXT = `tandem: 1
name: bench
floats: { public: { address: ${VIP}/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: 198.51.100.1
services:
  - name: web
    protocol: tcp
    port: 80
    check: { type: tcp, interval_ms: 1000 }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
      - { name: s3, address: 192.0.2.13, port: 8080 }
`;

const say = (name: string, value: number): void => console.log(JSON.stringify({ name, value }));
const inUse = (): number => Number(sh("ipvsadm -Ln | grep -c 'Masq    [1-9]' || true").trim());

interface Asked {
  readonly at: number;
  readonly ok: boolean;
}

function startProber() {
  const asked: Asked[] = [];
  const words = ['netns', 'exec', `${PREFIX}-client`, process.execPath];
  const child = spawn('ip', [...words, join(import.meta.dirname, 'prober.ts'), VIP, '80'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [at, ok] = line.split(' ').map(Number);
      asked.push({ at: at!, ok: ok === 1 });
    }
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { asked, stop };
}

/** One death of s1, seen by the clients. */
async function death(name: string, first: EchoServer): Promise<void> {
  const prober = startProber();
  const steady = (): boolean => prober.asked.length > STEADY && prober.asked.slice(-STEADY).every(({ ok }) => ok);
  await until(`${name} serves`, PATIENCE_MS, steady);
  const died = Date.now();
  await first.stop();
  await new Promise((done) => setTimeout(done, AFTER_MS));
  await prober.stop();
  const failed = prober.asked.filter(({ at, ok }) => !ok && at >= died - 1000);
  const last = failed.reduce((latest, { at }) => Math.max(latest, at), died);
  say(`${name}, until the last error (ms)`, last - died);
  say(`${name}, failed requests`, failed.length);
}

enterNamespace();
const segments = buildSegments(PREFIX);
sh(`
  ip addr add 198.51.100.2/24 dev eth0; ip addr add 192.0.2.2/24 dev eth1; ip link set eth0 up; ip link set eth1 up
  ip route replace default via 198.51.100.1
  sysctl -qw net.ipv4.ip_forward=1 net.ipv4.vs.conntrack=0
`);
holdFloats();
const servers = ['s1', 's2', 's3'].map((name) => new EchoServer(`${PREFIX}-${name}`, name));
for (const server of servers) await server.start();
const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const parsed = parseDocument(TEXT);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
const rival = new Keepalived(folder);
rival.write(parsed.document);
try {
  for (let run = 0; run < runs; run += 1) {
    rival.start();
    await until('keepalived uses all servers', PATIENCE_MS, () => inUse() === 3);
    await death('keepalived', servers[0]!);
    await rival.stop();
    await servers[0]!.start();

    const box = new ControllerBox(PATIENCE_MS);
    await box.start();
    await box.apply(TEXT);
    await until('tandem uses all servers', PATIENCE_MS, () => inUse() === 3);
    await death('tandem', servers[0]!);
    await box.remove();
    sh('ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup');
    await servers[0]!.start();
  }
} finally {
  rmSync(folder, { recursive: true });
  for (const server of servers) await server.stop();
  segments.remove();
}
process.exit(0);
