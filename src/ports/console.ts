import type { Clock, Random } from './clock.ts';
import type { SessionFile } from './sessions.ts';

/** What the web console stands on. */

/** One file of the page. */
export interface Asset {
  /** Of the Content-Type header. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Where the console listens: one address on one NIC. */
export interface Place {
  /** Only what arrives on this NIC reaches the console: an address alone is answered on every NIC (RFC 1122, 3.3.4.2). */
  readonly device: string;
  /** IPv4. */
  readonly address: string;
  readonly port: number;
}

export interface Identity {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

export interface ConsolePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly sessions: SessionFile;
  /** The page by path, `/` included. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Names under which browsers reach this box, beside the node file's. */
  readonly furtherNames: readonly string[];
  /** A bound TCP socket for `listen`, also for an address that is not up yet. @throws TandemError `io`. */
  openSocket(place: Place): number;
  /**
   * The box's own key, made once, and a certificate of it for these addresses and names, made again when they change.
   * Rejects with TandemError `io`.
   */
  identity(addresses: readonly string[], names: readonly string[]): Promise<Identity>;
  /** Hex SHA-256. */
  digest(text: string): string;
  /** One line for the journal. */
  log(text: string): void;
}
