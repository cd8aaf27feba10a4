import type { IpvsStep } from '../../model/ipvs.ts';
import { NLM_F_ACK, NLM_F_REQUEST } from '../netlink/constants.ts';
import { writeGeneric } from '../netlink/genetlink.ts';
import type { NetlinkWriter } from '../netlink/writer.ts';
import { IPVS_CMD, IPVS_VERSION } from './constants.ts';
import { daemonEntry, daemonKey, timeoutsEntry } from './daemon.ts';
import { destinationEntry, destinationKey } from './destination.ts';
import { serviceEntry, serviceKey, type WriteAttributes } from './service.ts';

/** One command, checked, that can be written with any family id and sequence. */
export interface IpvsRequest {
  /** IPVS_CMD_*. */
  readonly command: number;
  readonly attributes: readonly WriteAttributes[];
}

/** The kernel command of a step. @throws TandemError `bad-request` naming the field, its value and what would be right. */
export function stepRequest(step: IpvsStep): IpvsRequest {
  switch (step.op) {
    case 'add-service':
      return { command: IPVS_CMD.NEW_SERVICE, attributes: [serviceEntry(step.service)] };
    case 'edit-service':
      return { command: IPVS_CMD.SET_SERVICE, attributes: [serviceEntry(step.service)] };
    case 'delete-service':
      return { command: IPVS_CMD.DEL_SERVICE, attributes: [serviceKey(step.service)] };
    case 'add-destination':
      return {
        command: IPVS_CMD.NEW_DEST,
        attributes: [serviceKey(step.service), destinationEntry(step.destination)],
      };
    case 'edit-destination':
      return {
        command: IPVS_CMD.SET_DEST,
        attributes: [serviceKey(step.service), destinationEntry(step.destination)],
      };
    case 'delete-destination':
      return { command: IPVS_CMD.DEL_DEST, attributes: [serviceKey(step.service), destinationKey(step.destination)] };
    case 'start-daemon':
      return { command: IPVS_CMD.NEW_DAEMON, attributes: [daemonEntry(step.daemon)] };
    case 'stop-daemon':
      return { command: IPVS_CMD.DEL_DAEMON, attributes: [daemonKey(step.daemon.role)] };
    case 'set-timeouts':
      return { command: IPVS_CMD.SET_CONFIG, attributes: [timeoutsEntry(step.timeouts)] };
  }
}

/** @param family the message type that the kernel gave the IPVS family; `flags` are added to request and ack. */
export function writeIpvsRequest(
  writer: NetlinkWriter,
  family: number,
  sequence: number,
  request: IpvsRequest,
  flags = NLM_F_ACK,
): void {
  writeGeneric(writer, { type: family, flags: NLM_F_REQUEST | flags, sequence }, request.command, IPVS_VERSION, () => {
    for (const write of request.attributes) write(writer);
  });
}
