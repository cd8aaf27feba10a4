import { guardText, normalTable } from '../../codec/nft/guard.ts';
import { type PairDocument, publicFloat, publicFloat6, type VirtualService } from '../../model/document.ts';
import { fnv } from '../../model/fnv.ts';
import type { Guard, GuardTable, Listening } from '../../model/guard.ts';
import { OUTBOUND_PORTS } from '../../model/guardSections.ts';
import type { Lane } from '../../model/lane.ts';
import { type PortRange, rangeOf } from '../../model/service.ts';

const single = (port: number): PortRange => ({ first: port, last: port });

const portsOf = (service: VirtualService): readonly PortRange[] =>
  service.ports === undefined ? [single(service.port)] : service.ports.map(rangeOf);

/** A service by a mark of a person's own is known by the mark alone. */
function servedBy(service: VirtualService): Listening[] {
  if (service.fwmark !== undefined) return [];
  return (service.addresses ?? [service.address]).flatMap((address) =>
    portsOf(service).map((range) => ({ protocol: service.protocol, address, ...range })),
  );
}

/** A masqueraded server answers from its own port; one without a port of its own from those that clients use. */
function answersOf(service: VirtualService): Listening[] {
  const all = [...service.servers, ...(service.sorry_server === undefined ? [] : [service.sorry_server])];
  return all
    .filter(({ forwarding }) => forwarding === 'masquerade')
    .flatMap(({ address, port }) => {
      const ranges = port !== 0 ? [single(port)] : service.fwmark === undefined ? portsOf(service) : [];
      return ranges.map((range) => ({ protocol: service.protocol, address, ...range }));
    });
}

/** Entries that share ports of one address are one: the kernel's sets hold no two that overlap. */
function joined(entries: readonly Listening[]): Listening[] {
  const sorted = entries.toSorted(
    (one, other) =>
      one.address.localeCompare(other.address) || one.protocol.localeCompare(other.protocol) || one.first - other.first,
  );
  const result: Listening[] = [];
  for (const entry of sorted) {
    const last = result.at(-1);
    const same = last !== undefined && last.address === entry.address && last.protocol === entry.protocol;
    if (same && entry.first <= last.last)
      result[result.length - 1] = { ...last, last: Math.max(last.last, entry.last) };
    else result.push(entry);
  }
  return result;
}

function waysOf({ from, from6 }: NonNullable<PairDocument['outbound']>, document: Pick<PairDocument, 'floats'>) {
  const float6 = publicFloat6(document);
  return [
    ...(from === undefined ? [] : [{ from, to: publicFloat(document) }]),
    ...(from6 === undefined || float6 === undefined ? [] : [{ from: from6, to: float6 }]),
  ];
}

function guardOf({ firewall, outbound, services, ...document }: PairDocument, lane: Lane): Guard {
  const marks = services.flatMap(({ fwmark }) => (fwmark === undefined ? [] : [fwmark]));
  return {
    devices: [...new Set([lane.nics.public.device, lane.floats.public.device])].toSorted(),
    served: joined(services.flatMap(servedBy)),
    servers: joined(services.flatMap(answersOf)),
    firewall: firewall && {
      allow: firewall.allow.map(({ ports, ...rest }) => ({ ...rest, ports: ports.map(String) })),
      marks: [...new Set(marks)],
      beats: lane.links.includes('public') ? { from: lane.peer.public, port: lane.port } : undefined,
    },
    outbound: outbound && {
      ways: waysOf(outbound, document),
      ports: outbound.ports ?? OUTBOUND_PORTS,
    },
  };
}

const made = new WeakMap<PairDocument, { readonly lane: Lane; readonly table: GuardTable | undefined }>();

/**
 * The table of the firewall and of outbound masquerading for a document; undefined when it asks for
 * neither. Made once for each document: it lists every server, and the desired state is made at each verdict.
 */
export function guardFor(document: PairDocument, lane: Lane): GuardTable | undefined {
  if (document.firewall === undefined && document.outbound === undefined) return undefined;
  const known = made.get(document);
  if (known?.lane === lane) return known.table;
  const text = guardText(guardOf(document, lane));
  const table = text === undefined ? undefined : { text, normal: normalTable(text) };
  made.set(document, { lane, table });
  return table;
}

/** Which text of the table it is, in a few words: it may be a megabyte. */
export function guardWords(normal: string): string {
  const known = words.get(normal);
  if (known !== undefined) return known;
  const made = `table ${fnv(normal).toString(16).padStart(8, '0')}`;
  if (words.size >= MAX_WORDS) words.clear();
  words.set(normal, made);
  return made;
}

/** Texts whose words are remembered: the one asked for and the one found are the same at almost every look. */
const MAX_WORDS = 4;
const words = new Map<string, string>();
