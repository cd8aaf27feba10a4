import type { Lane } from '../../src/model/lane.ts';
import type { LinkId, NodeId } from '../../src/model/pair.ts';

/** The example rack as the lane of one node sees it. */
export function laneOf(
  node: NodeId,
  links: readonly LinkId[],
  timing: { readonly intervalMs: number; readonly deadlineMs: number },
  preference: Lane['preference'],
): Lane {
  const [own, peer] = node === 'a' ? ['2', '3'] : ['3', '2'];
  return {
    node,
    pairName: 'rack',
    digest: '00000001',
    floats: {
      public: { address: '198.51.100.10', prefix: 24, device: 'eth0', label: 'eth0:1' },
      private: { address: '192.0.2.1', prefix: 24, device: 'eth1', label: 'eth1:1' },
    },
    nics: {
      public: { device: 'eth0', address: `198.51.100.${own}`, prefix: 24 },
      private: { device: 'eth1', address: `192.0.2.${own}`, prefix: 24 },
    },
    peer: { public: `198.51.100.${peer}`, private: `192.0.2.${peer}` },
    neighbours: [
      { side: 'public', address: '198.51.100.1', kind: 'gateway' },
      { side: 'private', address: '192.0.2.11', kind: 'server' },
      { side: 'private', address: '192.0.2.12', kind: 'server' },
    ],
    links: [...links],
    serial: { path: '/dev/ttyS1', baud: 115200 },
    port: 7946,
    ...timing,
    preference,
    keyFile: '',
  };
}
