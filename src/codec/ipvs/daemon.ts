import type { SyncDaemon, Timeouts } from '../../model/ipvs.ts';
import type { Attributes } from '../netlink/attributes.ts';
import { CMD_ATTR, DAEMON_ATTR } from './constants.ts';
import { nameField, present, whole } from './fields.ts';
import type { WriteAttributes } from './service.ts';

/** IP_VS_STATE_*. */
const STATES: Readonly<Record<SyncDaemon['role'], number>> = { master: 1, backup: 2 };

/** The nest for starting a sync daemon. @throws TandemError `bad-request`. */
export function daemonEntry(daemon: SyncDaemon): WriteAttributes {
  const device = nameField('device', daemon.device);
  const syncId = whole('syncId', daemon.syncId, 255);
  return (writer) =>
    writer.nest(CMD_ATTR.DAEMON, () => {
      writer.attributeU32(DAEMON_ATTR.STATE, STATES[daemon.role]);
      writer.attributeString(DAEMON_ATTR.MCAST_IFN, device);
      writer.attributeU32(DAEMON_ATTR.SYNC_ID, syncId);
    });
}

/** The nest for stopping one: there is at most one of each role. */
export const daemonKey =
  (role: SyncDaemon['role']): WriteAttributes =>
  (writer) =>
    writer.nest(CMD_ATTR.DAEMON, () => writer.attributeU32(DAEMON_ATTR.STATE, STATES[role]));

/** The DAEMON nest of a GET_DAEMON answer; undefined for one that is stopped. @throws TandemError `bad-frame`. */
export function decodeDaemon(attributes: Attributes): SyncDaemon | undefined {
  const nest = present(attributes.nested(CMD_ATTR.DAEMON), 'the daemon');
  const state = nest.u32(DAEMON_ATTR.STATE);
  if (state !== STATES.master && state !== STATES.backup) return undefined;
  return {
    role: state === STATES.master ? 'master' : 'backup',
    device: present(nest.string(DAEMON_ATTR.MCAST_IFN), 'a daemon device'),
    syncId: nest.u32(DAEMON_ATTR.SYNC_ID) ?? 0,
  };
}

/** The attributes of SET_CONFIG, seconds; the kernel keeps what is 0. @throws TandemError `bad-request`. */
export function timeoutsEntry(timeouts: Timeouts): WriteAttributes {
  const most = 0x7fff_ffff;
  const tcp = whole('tcp', timeouts.tcp, most);
  const tcpFin = whole('tcpFin', timeouts.tcpFin, most);
  const udp = whole('udp', timeouts.udp, most);
  return (writer) => {
    if (tcp > 0) writer.attributeU32(CMD_ATTR.TIMEOUT_TCP, tcp);
    if (tcpFin > 0) writer.attributeU32(CMD_ATTR.TIMEOUT_TCP_FIN, tcpFin);
    if (udp > 0) writer.attributeU32(CMD_ATTR.TIMEOUT_UDP, udp);
  };
}

/** A GET_CONFIG answer; 0 for a protocol that this kernel does not balance. @throws TandemError `bad-frame`. */
export const decodeTimeouts = (attributes: Attributes): Timeouts => ({
  tcp: attributes.u32(CMD_ATTR.TIMEOUT_TCP) ?? 0,
  tcpFin: attributes.u32(CMD_ATTR.TIMEOUT_TCP_FIN) ?? 0,
  udp: attributes.u32(CMD_ATTR.TIMEOUT_UDP) ?? 0,
});
