import type { NodeId, Side } from '../../src/model/pair.ts';

/** The names and numbers of the seed figure, as docs/example.yaml has them; the seed document is that file. */

export const NODES: readonly NodeId[] = ['a', 'b'];
export const SERVERS = [1, 2, 3] as const;
export type ServerNumber = (typeof SERVERS)[number];

/** Network namespaces of the rack; `rack` is the one with both bridges. */
export type Where = 'client' | 'gateway' | 's1' | 's2' | 's3' | 'rack';

/** The services of docs/example.yaml. */
export const SERVICES = ['web', 'echo', 'hold'] as const;

export const VIP = '198.51.100.10';
export const PRIVATE_FLOAT = '192.0.2.1';
export const FLOATS: Readonly<Record<Side, string>> = { public: VIP, private: PRIVATE_FLOAT };

/** The boxes' own addresses on the private side. */
export const PRIVATE: Readonly<Record<NodeId, string>> = { a: '192.0.2.2', b: '192.0.2.3' };

/** The rack's own address there, from which it reaches the boxes' web consoles. */
export const DESK = '192.0.2.250';

/** On the VIP: what is behind each port, and on the real servers. */
export const PORTS = { web: { service: 80, server: 8080 }, udpEcho: 7, tcpEcho: 8081 } as const;

/** A box's NICs: one on each side, and one straight to the twin's for nothing but beats. */
export type Nic = Side | 'heartbeat';

export const NICS: readonly Nic[] = ['public', 'private', 'heartbeat'];

/** Bridge in the namespace `rack`, by NIC. */
export const BRIDGES: Readonly<Record<Nic, string>> = { public: 'wan', private: 'lan', heartbeat: 'beat' };

/** As the box's kernel names them. */
export const DEVICES: Readonly<Record<Nic, string>> = { public: 'eth0', private: 'eth1', heartbeat: 'eth2' };

/** The boxes' own addresses there (RFC 3927, section 7: never routed). */
export const HEARTBEAT: Readonly<Record<NodeId, string>> = { a: '169.254.84.1', b: '169.254.84.2' };

export const tap = (node: NodeId, nic: Nic): string => `${node}-${BRIDGES[nic]}`;

/** Locally administered, the same at every start. */
export const mac = (node: NodeId, nic: Nic): string => `02:7a:6d:00:0${NICS.indexOf(nic)}:0${node === 'a' ? 2 : 3}`;

export const serverAddress = (server: ServerNumber): string => `192.0.2.1${server}`;

export const GATEWAY = { wan: '198.51.100.1', clients: '203.0.113.1' } as const;
export const CLIENT = '203.0.113.10';
