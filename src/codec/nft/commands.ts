import type { MarkEntry, MarkStep } from '../../model/marks.ts';

/**
 * The table of firewall marks in nft(8)'s words. One map for each family, from address, protocol and port to the mark: a
 * packet costs one lookup however many services there are, and an element comes and goes without its neighbours.
 */
export const MARK_TABLE = 'inet tandem';

const MARK_CHAIN = `table ${MARK_TABLE} {
  map marks4 { type ipv4_addr . inet_proto . inet_service : mark; flags interval; }
  map marks6 { type ipv6_addr . inet_proto . inet_service : mark; flags interval; }
  chain prerouting {
    type filter hook prerouting priority mangle; policy accept;
    meta mark set ip daddr . meta l4proto . th dport map @marks4
    meta mark set ip6 daddr . meta l4proto . th dport map @marks6
  }
}`;

/** As nft(8) takes it on its command line; the table's own text is not in it. */
export function describeMark(step: MarkStep): string {
  switch (step.op) {
    case 'make-marks':
      return `nft add table ${MARK_TABLE}`;
    case 'drop-marks':
      return `nft delete table ${MARK_TABLE}`;
    case 'add-mark':
      return `nft add element ${MARK_TABLE} ${mapOf(step.entry)} { ${keyOf(step.entry)} : ${step.entry.mark} }`;
    case 'delete-mark':
      return `nft delete element ${MARK_TABLE} ${mapOf(step.entry)} { ${keyOf(step.entry)} }`;
  }
}

/** All steps as one script for `nft -f`, which is one transaction: all of it or nothing. */
export function markScript(steps: readonly MarkStep[]): string {
  const lines = steps.map((step) => {
    // Added first, so that it can be deleted whether it stood or not.
    if (step.op === 'make-marks') return `add table ${MARK_TABLE}\ndelete table ${MARK_TABLE}\n${MARK_CHAIN}`;
    return describeMark(step).slice('nft '.length);
  });
  return `${lines.join('\n')}\n`;
}

const mapOf = ({ address }: MarkEntry): string => (address.includes(':') ? 'marks6' : 'marks4');

const keyOf = ({ address, protocol, first, last }: MarkEntry): string =>
  `${address} . ${protocol} . ${first === last ? first : `${first}-${last}`}`;
