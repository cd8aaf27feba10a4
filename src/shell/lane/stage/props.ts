import type { FailoverConfig } from '../../../core/failover/types.ts';
import type { Lane } from '../../../model/lane.ts';
import type { LinkId, NodeId } from '../../../model/pair.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Network } from '../../../ports/network.ts';
import type { PeerLink, Sealer } from '../../../ports/peer.ts';
import type { HoldStore, RecordStore, TermStore } from '../../../ports/store.ts';
import { failoverConfig } from '../config.ts';

const STAGED: readonly LinkId[] = ['serial', 'public', 'private'];

/** Loopback addresses (RFC 1122, 3.2.1.3) that nothing is bound to: 127.84.68.1 and 2 for `a`, 3 and 4 for `b`, 5 and 6 for neighbours. */
export function stageLane(node: NodeId): Lane {
  const first = node === 'a' ? 1 : 3;
  const float = (host: number) => ({ address: `127.84.68.${host}`, prefix: 32, device: 'lo', label: `lo:${host}` });
  const nic = { device: 'lo', address: '127.0.0.1', prefix: 8 };
  return {
    node,
    pairName: 'stage',
    digest: '00000000',
    floats: { public: float(first), private: float(first + 1) },
    nics: { public: nic, private: nic },
    peer: { public: '127.0.0.1', private: '127.0.0.1' },
    neighbours: [
      { kind: 'gateway', side: 'public', address: '127.84.68.5' },
      { kind: 'server', side: 'private', address: '127.84.68.6' },
    ],
    links: [...STAGED],
    serial: { path: '', baud: 115200 },
    port: 0,
    intervalMs: 20,
    deadlineMs: 60,
    keyFile: '',
  };
}

export const stageConfig = (lane: Lane): FailoverConfig => failoverConfig(lane, lane.node.repeat(16), 0);

/** The kernel's own answers, but for a loopback device that is always up, and no notifications of what goes on outside. */
export function stageNetwork(network: Network): Network {
  return {
    ...network,
    links: () => network.links().map((link) => ({ ...link, admin: true, carrier: true })),
    watch: () => () => {},
  };
}

export function stageTerms(): TermStore {
  let kept = 0;
  return {
    load: () => ({ term: kept, damaged: false }),
    async save(term) {
      kept = term;
    },
  };
}

/** Records are made as they are in earnest, and kept by nobody. */
export const stageRecords = (): RecordStore => ({ load: async () => [], save: async () => {} });
export const stageHolds: HoldStore = { load: () => undefined, save: async () => {} };

/** Real beats are sealed with the pair's key all the time; that needs no practice. */
export const stageSealer: Sealer = { mac: () => new Uint8Array(32) };

export interface StageWire {
  connected: boolean;
  /** Both ends of each link, `a`'s and `b`'s. */
  readonly ends: Readonly<Record<NodeId, readonly PeerLink[]>>;
}

export function stageWire(clock: Clock): StageWire {
  const pairs = STAGED.map((id) => link(id));
  const wire: StageWire = { connected: true, ends: { a: pairs.map(([a]) => a), b: pairs.map(([, b]) => b) } };
  return wire;

  function link(id: LinkId): readonly [PeerLink, PeerLink] {
    const ears: ((frame: Uint8Array) => void)[] = [];
    const end = (mine: number): PeerLink => ({
      id,
      send(frame) {
        if (wire.connected) clock.at(clock.now() + 1, () => ears[1 - mine]?.(frame));
      },
      onFrame(receive) {
        ears[mine] = receive;
      },
      drops: () => ({}),
      close: () => {},
    });
    return [end(0), end(1)];
  }
}
