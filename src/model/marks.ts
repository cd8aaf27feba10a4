import type { Protocol } from './ipvs.ts';

/** Which packets get which firewall mark, so that one virtual service serves several addresses and ports. */

/** Packets to one address and a range of ports. */
export interface MarkEntry {
  readonly protocol: Protocol;
  readonly address: string;
  /** 1 to 65535, the last not below the first. */
  readonly first: number;
  readonly last: number;
  /** 1 to 4294967295. */
  readonly mark: number;
}

export interface MarkTable {
  /** The table stands with chain, rules and maps as they were written; without it its entries mean nothing. */
  readonly intact: boolean;
  /** Some table of the name stands, intact or not. */
  readonly present: boolean;
  readonly entries: readonly MarkEntry[];
}

/** One change, as plain data; the steps of one `apply` are one transaction. */
export type MarkStep =
  /** The whole table anew, with nothing in its maps. */
  | { readonly op: 'make-marks' }
  | { readonly op: 'drop-marks' }
  | { readonly op: 'add-mark' | 'delete-mark'; readonly entry: MarkEntry };
