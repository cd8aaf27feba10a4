/** What went wrong, as a word that panel, CLI, web and log share. Grows with the product; never renamed. */
export type ErrorCode =
  | 'bad-document'
  | 'bad-node-file'
  | 'bad-frame'
  | 'bad-password'
  | 'bad-request'
  | 'kernel-refused'
  | 'kernel-resync'
  | 'not-found'
  | 'not-configured'
  | 'refused'
  | 'no-session'
  | 'wrong-password'
  | 'wrong-origin'
  | 'too-many'
  | 'too-large'
  | 'unreachable'
  | 'io'
  | 'internal';

/** One fault in something a person wrote: where it is, what stands there, and what would be right. */
export interface Fault {
  /** Path within the document, e.g. `services[0].servers[2].weight`. */
  readonly path: string;
  /** The offending value as printed, at most 80 characters; secrets never. */
  readonly value: string;
  /** What is wrong and what would be right. */
  readonly remedy: string;
}

/** Every error that crosses a module's border: a code, what was tried, what to do about it. */
export class TandemError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly faults: readonly Fault[];
  /** Whether the same request with `force` goes past it. */
  readonly forcible: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    more: { remedy?: string; faults?: readonly Fault[]; forcible?: boolean; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'TandemError';
    this.code = code;
    this.remedy = more.remedy;
    this.faults = more.faults ?? [];
    this.forcible = more.forcible ?? false;
  }
}
