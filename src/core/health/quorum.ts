import type { VirtualService } from '../../model/document.ts';

type Ruled = Pick<VirtualService, 'sorry_server' | 'quorum' | 'quorum_by' | 'quorum_hysteresis'>;

/** A server as the quorum counts it. */
export interface Counted {
  /** Its check is good and no operator has drained it. */
  readonly live: boolean;
  readonly weight: number;
}

/** What a service has of its quorum: the weight of its live servers, or their number. */
export const liveOf = ({ quorum_by: by }: Ruled, servers: readonly Counted[]): number =>
  servers.reduce((sum, { live, weight }) => sum + (live ? (by === 'servers' ? Math.sign(weight) : weight) : 0), 0);

/**
 * Whether a service has its quorum, as keepalived(8) decides it: one that has it loses it below `quorum` less
 * `quorum_hysteresis`, or with its last server; one that lost it has it again at `quorum` plus `quorum_hysteresis`. What lies
 * between changes nothing, so that a flapping server does not move every client. A service without a sorry server has it always.
 * @param had before; of a service that is new true
 */
export function hasQuorum(service: Ruled, had: boolean, live: number): boolean {
  if (service.sorry_server === undefined) return true;
  const { quorum = 1, quorum_hysteresis: margin = 0 } = service;
  return had ? live > 0 && live >= quorum - margin : live >= quorum + margin;
}
