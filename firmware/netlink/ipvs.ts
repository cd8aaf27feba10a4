import { IPVS_CMD, IPVS_FAMILY } from '../../src/codec/ipvs/constants.ts';
import { decodeDaemon, decodeTimeouts } from '../../src/codec/ipvs/daemon.ts';
import { decodeDestination } from '../../src/codec/ipvs/destination.ts';
import { refusalText } from '../../src/codec/ipvs/refusals.ts';
import { decodeService, type ListedService, serviceKey } from '../../src/codec/ipvs/service.ts';
import { type IpvsRequest, stepRequest, writeIpvsRequest } from '../../src/codec/ipvs/step.ts';
import type { Attributes } from '../../src/codec/netlink/attributes.ts';
import { AF_INET, AF_INET6, NETLINK_GENERIC, NLM_F_DUMP } from '../../src/codec/netlink/constants.ts';
import { decodeGeneric } from '../../src/codec/netlink/genetlink.ts';
import type { IpvsStep, ObservedDestination, StepFailure, Timeouts } from '../../src/model/ipvs.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { IpvsTable } from '../../src/ports/ipvs.ts';
import { errnoName } from '../libc/errno.ts';
import { resolveFamily } from './genetlink.ts';
import { describeAck } from './refusal.ts';
import { NetlinkSocket, type WriteRequest } from './socket.ts';

/**
 * The kernel's IPVS table of this network namespace. `read` leaves out protocols other than TCP, UDP and SCTP. `apply` checks every step first: bad input is refused as `bad-request` with
 * nothing changed; it throws `kernel-resync` when the kernel's answers were lost, and then only `read` knows.
 * @throws TandemError `io` without the right to open the socket, `kernel-refused` when the kernel has no IPVS.
 */
export function openIpvs(): IpvsTable & { close: Close } {
  const socket = new NetlinkSocket(NETLINK_GENERIC);
  const family = (): number => resolveFamily(socket, IPVS_FAMILY, 'ip_vs');
  try {
    family();
  } catch (error) {
    socket.close();
    throw error;
  }

  return {
    read() {
      const id = family();
      const dump = <T>(what: string, request: IpvsRequest, decode: (attributes: Attributes) => T | undefined): T[] =>
        socket.dump(
          what,
          (writer, sequence) => writeIpvsRequest(writer, id, sequence, request, NLM_F_DUMP),
          (message) => decode(decodeGeneric(message).attributes),
        );

      const destinations = (service: ListedService): ObservedDestination[] =>
        dump(
          `reading the destinations of ${nameOf(service)}`,
          { command: IPVS_CMD.GET_DEST, attributes: [serviceKey(service)] },
          (attributes) => decodeDestination(attributes, service.address.includes(':') ? AF_INET6 : AF_INET),
        );

      const services = dump(
        'reading the virtual services',
        { command: IPVS_CMD.GET_SERVICE, attributes: [] },
        decodeService,
      );
      return {
        services: services.map((service) => ({ ...service, destinations: destinations(service) })),
        daemons: dump('reading the sync daemons', { command: IPVS_CMD.GET_DAEMON, attributes: [] }, decodeDaemon),
        timeouts: readTimeouts(socket, id),
      };
    },

    apply(steps) {
      const requests = steps.map(stepRequest);
      if (requests.length === 0) return [];
      const id = family();
      const writes = requests.map(
        (request): WriteRequest =>
          (writer, sequence) =>
            writeIpvsRequest(writer, id, sequence, request),
      );
      const acks = socket.batch('changing the IPVS table', writes);
      return steps.flatMap((step, index): StepFailure[] => {
        const ack = acks[index];
        return ack === undefined || ack.errno === 0 ? [] : [failure(step, errnoName(ack.errno), ack)];
      });
    },

    close: () => socket.close(),
  };
}

const nameOf = ({ protocol, address, port, fwmark }: ListedService): string =>
  fwmark === undefined ? `${protocol} ${address} port ${port}` : `firewall mark ${fwmark}`;

function readTimeouts(socket: NetlinkSocket, id: number): Timeouts {
  const [timeouts] = socket.request(
    'reading the IPVS timeouts',
    (writer, sequence) => writeIpvsRequest(writer, id, sequence, { command: IPVS_CMD.GET_CONFIG, attributes: [] }),
    (message) => decodeTimeouts(decodeGeneric(message).attributes),
  );
  return timeouts ?? { tcp: 0, tcpFin: 0, udp: 0 };
}

/** The kernel's own text first; IPVS seldom has one. */
function failure(step: IpvsStep, errno: string, ack: Parameters<typeof describeAck>[0]): StepFailure {
  const meaning = ack.text === '' ? refusalText(step.op, errno) : undefined;
  return { step, errno, text: meaning ?? describeAck(ack) };
}
