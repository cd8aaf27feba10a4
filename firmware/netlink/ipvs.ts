import { IPVS_CMD, IPVS_FAMILY } from '../../src/codec/ipvs/constants.ts';
import { decodeDaemon, decodeTimeouts } from '../../src/codec/ipvs/daemon.ts';
import { decodeDestination } from '../../src/codec/ipvs/destination.ts';
import { refusalText } from '../../src/codec/ipvs/refusals.ts';
import { decodeService, type ListedService, serviceKey } from '../../src/codec/ipvs/service.ts';
import { type IpvsRequest, stepRequest, writeIpvsRequest } from '../../src/codec/ipvs/step.ts';
import type { Attributes } from '../../src/codec/netlink/attributes.ts';
import { AF_INET, AF_INET6, NETLINK_GENERIC, NLM_F_DUMP } from '../../src/codec/netlink/constants.ts';
import { decodeGeneric } from '../../src/codec/netlink/genetlink.ts';
import type {
  IpvsStep,
  ObservedDestination,
  ObservedService,
  StepFailure,
  SyncDaemon,
  Timeouts,
} from '../../src/model/ipvs.ts';
import type { Close } from '../../src/ports/clock.ts';
import type { IpvsTable } from '../../src/ports/ipvs.ts';
import { errnoName } from '../libc/errno.ts';
import { resolveFamily } from './genetlink.ts';
import { KnownDump } from './knownDump.ts';
import { describeAck } from './refusal.ts';
import { NetlinkSocket, type WriteRequest } from './socket.ts';

/**
 * The kernel's IPVS table of this network namespace. `read` leaves out protocols other than TCP, UDP and SCTP,
 * and a service or server that is as in the last reading is the same object. `apply` checks every step first: bad input is refused as `bad-request` with
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

  const services = new KnownDump<ListedService | undefined>();
  let known: ReadonlyMap<string, Known> = new Map();

  return {
    read() {
      const id = family();
      const dump = <T>(
        what: string,
        request: IpvsRequest,
        decode: (attributes: Attributes) => T,
        into: KnownDump<T>,
      ) => {
        socket.dump(
          what,
          (writer, sequence) => {
            into.begin();
            writeIpvsRequest(writer, id, sequence, request, NLM_F_DUMP);
          },
          (message) => into.take(message.payload, () => decode(decodeGeneric(message).attributes)),
        );
        return into.end();
      };

      const listed = dump(
        'reading the virtual services',
        { command: IPVS_CMD.GET_SERVICE, attributes: [] },
        decodeService,
        services,
      );
      const seen = new Map<string, Known>();
      for (const service of listed) {
        if (service === undefined) continue;
        const name = nameOf(service);
        const before = known.get(name);
        const dumped = before?.dumped ?? new KnownDump<ObservedDestination>();
        const destinations = dump(
          `reading the destinations of ${name}`,
          { command: IPVS_CMD.GET_DEST, attributes: [serviceKey(service)] },
          (attributes) => decodeDestination(attributes, service.address.includes(':') ? AF_INET6 : AF_INET),
          dumped,
        );
        const same = before !== undefined && before.listed === service && before.service.destinations === destinations;
        seen.set(name, same ? before : { dumped, listed: service, service: { ...service, destinations } });
      }
      known = seen;
      const daemons = new KnownDump<SyncDaemon | undefined>();
      return {
        services: [...seen.values()].map(({ service }) => service),
        daemons: dump(
          'reading the sync daemons',
          { command: IPVS_CMD.GET_DAEMON, attributes: [] },
          decodeDaemon,
          daemons,
        ).filter((daemon) => daemon !== undefined),
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

/** A service as it was read last, and what of its dumps is known. */
interface Known {
  readonly dumped: KnownDump<ObservedDestination>;
  readonly listed: ListedService;
  readonly service: ObservedService;
}

const nameOf = ({ protocol, address, port, fwmark }: ListedService): string =>
  fwmark === undefined ? `${protocol} ${address} port ${port}` : `firewall mark ${fwmark} of ${address}`;

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
