import { type FailoverState, viewOf } from '../../core/failover/index.ts';
import type { PanelView } from '../../core/panel/index.ts';

/** Whether the panel may have to show something else: each field is compared as it is, because every step asks. */
export const differs = (before: FailoverState, after: FailoverState): boolean =>
  before.role !== after.role ||
  before.alarms !== after.alarms ||
  before.handOver !== after.handOver ||
  before.ready !== after.ready ||
  before.controllerHeard !== after.controllerHeard ||
  before.peer.boot !== after.peer.boot;

/** What the front panel shows of the lane at `now`, monotonic ms. */
export function panelView(state: FailoverState, now: number): PanelView {
  const { role, peer, alarms } = viewOf(state, now);
  return {
    role,
    twin: peer.heard ? 'heard' : state.peer.boot === '' ? 'never' : 'lost',
    handingOver: state.handOver !== undefined || role === 'taking' || role === 'releasing',
    controllerHeard: state.controllerHeard,
    ready: state.ready,
    alarms: alarms.map(({ code, subject }) => (subject === '' ? code : `${code} ${subject}`)),
  };
}
