import type { LaneStatus } from '../../model/status.ts';
import type { Families } from './families.ts';

const ROLES = ['idle', 'standby', 'taking', 'active', 'releasing'] as const satisfies readonly LaneStatus['role'][];
const SIDES = ['public', 'private'] as const;

/** What the pair lane says of itself; of a lane that is silent, only that it is. */
export function laneFamilies(to: Families, lane: LaneStatus | null): void {
  to.gauge('lane_up', '1 when the pair lane answers; without it the families of the lane are missing', lane !== null);
  if (lane === null) return;
  const { peer, floats, nics, links } = lane;
  for (const role of ROLES) to.gauge('role', '1 for the role that this box has', lane.role === role, { role });
  to.gauge('term', 'Term of the ownership of the floats; only grows', lane.term);
  to.gauge('ready', '1 when this box could serve', lane.ready);
  to.gauge('held', '1 while an operator holds this box', lane.hold !== undefined);
  to.gauge('lane_late_seconds', 'The latest that the lane woke in the last 10 s', lane.lateMs / 1_000);
  to.gauge('peer_heard', '1 when the twin is heard on a link', peer.heard);
  to.gauge('peer_ready', '1 when the twin says that it could serve', peer.ready);
  for (const side of SIDES) to.gauge('float_held', '1 when this kernel has the float', floats[side], { side });
  for (const side of SIDES) to.gauge('nic_carrier', '1 when the NIC has a carrier', nics[side], { side });
  for (const entry of links) {
    const { link } = entry;
    to.gauge('link_heard', '1 when a beat came on the link within the deadline', entry.heard, { link });
    to.counter('link_beats_sent', 'Beats sent on the link', entry.sent, { link });
    to.counter('link_frames_received', 'Frames that came on the link', entry.frames, { link });
    to.counter('link_beats_received', 'Beats of the twin that were accepted', entry.received, { link });
    for (const [reason, count] of Object.entries(entry.refused)) {
      to.counter('link_frames_refused', 'Frames that were not accepted', count, { link, reason });
    }
    if (typeof entry.loss === 'number') {
      to.gauge('link_loss_ratio', 'Share of the twin’s beats lost in the last minute', entry.loss, { link });
    }
    if (entry.roundTrip) {
      const median = entry.roundTrip.median / 1_000;
      to.gauge('link_round_trip_seconds', 'Median of the last minute, the twin’s wait included', median, { link });
    }
  }
}
