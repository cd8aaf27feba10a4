import type { NodeId } from '../../model/pair.ts';
import type { Editor } from './lineEditor.ts';

/** The conversation on the serial console: what it knows, what it is told, what it wants done. */

/** A NIC as the kernel shows it now. */
export interface Nic {
  readonly device: string;
  readonly mac: string;
  readonly carrier: boolean;
}

/** What the second box got from its twin over the serial cable. */
export interface Taken {
  /** The twin's own name. */
  readonly twin: 'a' | 'b';
  /** The pair document, YAML. */
  readonly document: string;
  /** The pair's key, 64 hex digits. */
  readonly key: string;
  /** The administrator's password as its digest; undefined when the twin has none. */
  readonly password: string | undefined;
}

/** Everything that makes an unconfigured box a router. */
export interface Installation {
  /** The node file, YAML. */
  readonly node: string;
  readonly document: string;
  /** The digest of the administrator's password. */
  readonly password: string;
  /** The pair's key; undefined = this is the first box, which makes one. */
  readonly key: string | undefined;
}

/** What is asked of the box. Each is answered once, unless it is cancelled. */
export type Ask =
  | { readonly do: 'nics' }
  /** Answers the digest. */
  | { readonly do: 'digest'; readonly password: string }
  /** Asks the twin for the document over the null-modem line; answers what came. */
  | { readonly do: 'take'; readonly code: string; readonly line: string; readonly baud: number }
  | { readonly do: 'install'; readonly box: Installation }
  /** Waits for the second box; tells the one-time code as progress. */
  | { readonly do: 'offer' }
  /** Role, addresses and the worst alarm, for a person who has not logged in. */
  | { readonly do: 'heading' }
  | { readonly do: 'login'; readonly password: string }
  | { readonly do: 'status' }
  | { readonly do: 'log'; readonly limit: number }
  /** The document in force. */
  | { readonly do: 'document' }
  | { readonly do: 'plan'; readonly document: string }
  | { readonly do: 'apply'; readonly document: string }
  | { readonly do: 'hand-over-plan' }
  | { readonly do: 'hand-over' }
  | { readonly do: 'password'; readonly current: string; readonly fresh: string }
  | { readonly do: 'restart' }
  | { readonly do: 'factory-reset' };

export interface Reply {
  readonly ok: boolean;
  /** For the person, as they are. */
  readonly lines: readonly string[];
  readonly nics?: readonly Nic[];
  readonly taken?: Taken;
  /** A digest or a document. */
  readonly text?: string;
}

export interface BoxFacts {
  /** What the node file says it is; undefined = unconfigured, there is no node file. */
  readonly node: NodeId | undefined;
  /** The line that greets. */
  readonly banner: string;
}

export type SetupEvent =
  /** First of all, and again when somebody takes the line up anew. `saved`: what the last `save` said. */
  | { readonly type: 'start'; readonly box: BoxFacts; readonly saved?: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'progress'; readonly id: number; readonly lines: readonly string[] }
  | { readonly type: 'tick' };

export type SetupEffect =
  | { readonly type: 'print'; readonly text: string }
  | { readonly type: 'ask'; readonly id: number; readonly ask: Ask }
  | { readonly type: 'cancel'; readonly id: number }
  /** To be handed to the next `start`, should this process end; secrets never. Empty = nothing to keep. */
  | { readonly type: 'save'; readonly text: string }
  /** The session is over. */
  | { readonly type: 'end' };

export interface Given {
  readonly key: string;
  readonly text: string;
}

/** A run through questions. */
export interface Interview {
  readonly flow: 'wizard' | 'network';
  /** In the order of the questions. */
  readonly given: readonly Given[];
  /** What was said in an earlier run: the defaults of this one. */
  readonly remembered: Readonly<Record<string, string>>;
  readonly nics: readonly Nic[];
  readonly taken: Taken | undefined;
  /** The digest of the password that was chosen. */
  readonly password: string | undefined;
  /** `network`: the document in force, YAML. */
  readonly base: string | undefined;
}

export type Waiting = Ask['do'];

/** What the next line is for. */
export type Place =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'question'; readonly key: string }
  | { readonly kind: 'choose-password'; readonly first: string | undefined; readonly current: string | undefined }
  | { readonly kind: 'waiting'; readonly for: Waiting }
  /** Until `lockedUntil`. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'review' }
  | { readonly kind: 'login' }
  | { readonly kind: 'current-password' }
  | { readonly kind: 'menu' }
  | { readonly kind: 'confirm'; readonly what: 'network' | 'hand-over' | 'restart' | 'factory-reset' }
  | { readonly kind: 'pager'; readonly lines: readonly string[] };

export interface SetupState {
  readonly box: BoxFacts;
  readonly at: Place;
  readonly editor: Editor;
  readonly interview: Interview;
  /** Id of the newest question to the box; older ones are no longer waited for. */
  readonly asked: number;
  readonly loggedIn: boolean;
  /** Wrong passwords in a row, and until when (monotonic ms) no other is heard. */
  readonly failures: number;
  readonly lockedUntil: number;
  /** When a key was last pressed, monotonic ms. */
  readonly keyAt: number;
  /** Lines within the second that began at `since`; deaf until the flood has ended. */
  readonly flood: { readonly since: number; readonly lines: number; readonly deafUntil: number };
}
