import { readdirSync, readFileSync } from 'node:fs';
import { parseDocument } from '../../../src/model/parseDocument.ts';
import { ControllerBox, until } from '../../kernel/controllerBox.ts';
import { sh } from '../../kernel/netns.ts';
import { Keepalived } from '../keepalived.ts';
import type { Way } from './flood.ts';
import { FIRST_SERVER, GATEWAY, PAST, UDP_PORT, UDP_SERVER_PORT, VIP } from './wires.ts';

const PATIENCE_MS = 120_000;
const SERVERS_IN_DOCUMENT = 4;

/** @param more lines of the document's own, such as a firewall */
export const documentText = (more = ''): string => `tandem: 1
name: bench
floats: { public: { address: ${VIP}/24 }, private: { address: 192.0.2.1/24 } }
nodes:
  a: { public: 198.51.100.2/24, private: 192.0.2.2/24 }
  b: { public: 198.51.100.3/24, private: 192.0.2.3/24 }
gateway: ${GATEWAY}
${more}
services:
  - name: web
    protocol: tcp
    port: 80
    scheduler: wlc
    check: { type: tcp, interval_ms: 1000 }
    servers:
      - { name: s1, address: 192.0.2.11, port: 8080 }
      - { name: s2, address: 192.0.2.12, port: 8080 }
      - { name: s3, address: 192.0.2.13, port: 8080 }
  - name: datagrams
    protocol: udp
    port: ${UDP_PORT}
    scheduler: wlc
    check: { type: none }
    servers:
      - { name: s1, address: ${FIRST_SERVER}, port: ${UDP_SERVER_PORT} }
`;

/** What is between the client and the servers. */
export interface System {
  readonly name: string;
  readonly way: Way;
  /** Where requests go. */
  readonly address: string;
  readonly port: number;
  /** The router that `buildWires` made becomes this; its processes, and how it ends. */
  start(folder: string): Promise<{ readonly pids: () => readonly number[]; readonly stop: () => Promise<void> }>;
}

const inUse = (): number => Number(sh("ipvsadm -Ln | grep -c 'Masq    [1-9]' || true").trim());
const complete = (who: string) => until(`${who} uses all servers`, PATIENCE_MS, () => inUse() === SERVERS_IN_DOCUMENT);

/** What Debian sets on each machine that has its systemd, then a router's forwarding. */
const DEBIAN = `sysctl -qp /usr/lib/sysctl.d/50-default.conf || true
  for nic in all eth0 eth1; do sysctl -qw net.ipv4.conf.$nic.rp_filter=2 net.ipv4.conf.$nic.send_redirects=0; done
  sysctl -qw net.ipv4.ip_forward=1`;

const nothing = { pids: () => [], stop: async () => {} };

const past: System = {
  ...{ name: 'no router', way: 'past', address: PAST, port: 8080 },
  start: async () => nothing,
};

const plain: System = {
  ...{ name: 'plain forwarding', way: 'routed', address: FIRST_SERVER, port: 8080 },
  start: async () => {
    sh('sysctl -qw net.ipv4.ip_forward=1');
    return nothing;
  },
};

const keepalived: System = {
  ...{ name: 'keepalived', way: 'balanced', address: VIP, port: 80 },
  start: async (folder) => {
    const parsed = parseDocument(documentText());
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    sh(DEBIAN);
    const rival = new Keepalived(folder);
    rival.write(parsed.document);
    rival.start();
    await complete('keepalived');
    return { pids: () => rival.pids(), stop: () => rival.stop() };
  },
};

/** The real controller, with the document in force. */
export async function startTandem(more: string): Promise<ControllerBox> {
  const box = new ControllerBox(PATIENCE_MS);
  await box.start();
  await box.apply(documentText(more));
  await complete('Tandem');
  return box;
}

const tandem = (name: string, more = ''): System => ({
  ...{ name, way: 'balanced', address: VIP, port: 80 },
  start: async () => {
    const box = await startTandem(more);
    const stop = async (): Promise<void> => {
      await box.remove();
      sh('ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup');
    };
    return { pids: () => [box.pid()], stop };
  },
});

export const GUARDED = 'firewall: {}\noutbound: { from: [192.0.2.0/24] }';

export const SYSTEMS: readonly [System, ...System[]] = [
  past,
  plain,
  keepalived,
  tandem('tandem'),
  tandem('tandem, firewall', GUARDED),
];

/** ns that processes have run so far (/proc/PID/task/TID/schedstat). */
export function ranNs(pids: readonly number[]): number {
  const tasks = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`),
  );
  return tasks.reduce((sum, path) => sum + Number(readFileSync(path, 'utf8').split(' ')[0]), 0);
}
