import { TandemError } from '../../src/model/error.ts';
import type { NodeId } from '../../src/model/pair.ts';
import type { Status } from '../../src/model/status.ts';
import { NODES } from './figure.ts';

type Both = Readonly<Record<NodeId, Status | undefined>>;

/** What keeps the pair from being whole, a sentence each; empty when one is active, one standby, both ready, all servers up. */
export function unsettled(both: Both): string[] {
  const faults: string[] = [];
  const roles = NODES.map((node) => both[node]?.lane?.role);
  for (const node of NODES) {
    const status = both[node];
    if (status === undefined) faults.push(`${node} does not answer`);
    else if (status.lane === null) faults.push(`the pair lane of ${node} does not answer`);
    else faults.push(...faultsOf(node, status, status.lane));
  }
  for (const role of ['active', 'standby'] as const) {
    const count = roles.filter((one) => one === role).length;
    if (count !== 1 && faults.length === 0) faults.push(`${count === 0 ? 'no box is' : 'both boxes are'} ${role}`);
  }
  return faults;
}

function faultsOf(node: NodeId, status: Status, lane: NonNullable<Status['lane']>): string[] {
  const faults: string[] = [];
  const held = [lane.floats.public, lane.floats.private].filter(Boolean).length;
  if (lane.role !== 'active' && lane.role !== 'standby') faults.push(`${node} is ${lane.role}`);
  else if (held !== (lane.role === 'active' ? 2 : 0)) faults.push(`${node} is ${lane.role} and holds ${held} floats`);
  if (!lane.ready) faults.push(`${node} is not ready`);
  if (!lane.peer.heard) faults.push(`${node} does not hear its twin`);
  for (const link of lane.links) if (!link.heard) faults.push(`${node} hears nothing on ${link.link}`);
  if (status.services.length === 0) faults.push(`${node} has no service`);
  for (const service of status.services) {
    const down = service.servers.filter((server) => !server.up).map((server) => server.name);
    if (down.length > 0) faults.push(`${node} has ${down.join(', ')} of ${service.name} down`);
  }
  return faults;
}

const PAUSE_MS = 500;

/**
 * Asks both until the pair is whole.
 * @param ask both statuses, freshly.
 * @throws TandemError `refused` with what was still wrong after `limitMs`.
 */
export async function settled(ask: () => Promise<Both>, limitMs: number): Promise<void> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const faults = unsettled(await ask());
    if (faults.length === 0) return;
    if (performance.now() > limit) {
      throw new TandemError('refused', `the pair is not whole after ${limitMs / 1000} s: ${faults.join('; ')}`, {
        remedy: 'look with `npm run rack -- status` and `console a`, `console b`',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
