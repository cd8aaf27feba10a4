import type { FailoverState } from '../../core/failover/index.ts';
import type { PanelView } from '../../core/panel/index.ts';

/** Whether the panel may have to show something else: each field is compared as it is, because every step asks. */
export const differs = (before: FailoverState, after: FailoverState): boolean =>
  before.role !== after.role ||
  before.alarms !== after.alarms ||
  before.handOver !== after.handOver ||
  before.ready !== after.ready ||
  before.controllerHeard !== after.controllerHeard ||
  before.peer.boot !== after.peer.boot;

/**
 * What the front panel shows of the lane. Made only of what `differs` compares: what changes by time alone, as a beat's
 * age does, would stay on the panel until something else changes.
 * @param controller the controller's own alarms, by code and subject.
 */
export function panelView(state: FailoverState, controller: readonly string[] = []): PanelView {
  const { role, alarms } = state;
  const silent = alarms.some(({ code }) => code === 'peer-silent');
  return {
    role,
    twin: state.peer.boot === '' ? 'never' : silent ? 'lost' : 'heard',
    handingOver: state.handOver !== undefined || role === 'taking' || role === 'releasing',
    controllerHeard: state.controllerHeard,
    ready: state.ready,
    alarms: [...new Set([...alarms.map(({ code, subject }) => `${code} ${subject}`.trim()), ...controller])],
  };
}
