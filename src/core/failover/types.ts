import type { Beat } from '../../codec/beat.ts';
import type { Neighbour } from '../../model/lane.ts';
import type { Alarm, Cause, Hold, LinkId, NodeId, Role, Side } from '../../model/pair.ts';
import type { Restored } from '../../model/timeline.ts';

/** All times in ms. `defaultTiming` derives them from the two that the document names. */
export interface FailoverTiming {
  /** Between beats on each link. */
  readonly interval: number;
  /** Silence on a link after which it counts as silent; silence on all of them is the first proof. */
  readonly deadline: number;
  /** Silence on all links that starts the probing; shorter than `deadline`, so that the second proof costs no time. */
  readonly suspectAfter: number;
  /** Between ARP probes of each float while the peer is suspected. */
  readonly probeInterval: number;
  /** Between probes at the most, while the floats go on answering. */
  readonly probeBackOff: number;
  /** Unanswered time of both floats that makes the second proof, at the least `probesNeeded` probes. */
  readonly probeSilence: number;
  readonly probesNeeded: number;
  /** Listening time after a start before a node may take the floats without ever having heard a peer. */
  readonly startupListen: number;
  /** How long both nodes hear each other as standby before one of them takes. */
  readonly settle: number;
  /** Between renewals of the floats' kernel lifetime. */
  readonly renewInterval: number;
  /** How long a hand-over may take before the owner gives up and keeps (or takes back) the floats. */
  readonly handOverTimeout: number;
  /** How long the alarms wait before a silent link is worth a person's eye. */
  readonly alarmAfter: number;
  /** How long an owner may be not ready (a controller that starts) before it hands over to a twin that is. */
  readonly unreadyAfter: number;
}

/** Fixed until a changed document brings `reconfigured`. */
export interface FailoverConfig extends FailoverTiming {
  readonly self: NodeId;
  readonly pair: number;
  readonly boot: string;
  /** First 4 bytes of the document's digest. */
  readonly revision: number;
  /** Links the document asks for. */
  readonly links: readonly LinkId[];
  /** Which node is to have the floats once it has been fit for so long, ms. */
  readonly preference?: { readonly node: NodeId; readonly afterMs: number } | undefined;
  /** Asked after a take whether they resolve the floats to this node; none = nobody is asked. */
  readonly neighbours?: readonly Neighbour[];
  /** Floating addresses, of both families; 2 unless told. */
  readonly floats?: number;
  /** Highest version of a beat that this node speaks; the release's own unless told. */
  readonly speaks?: number;
}

/** What became of the authentic beats of one link, since the configuration in force. */
export interface BeatCounts {
  /** The twin's, never seen before. */
  readonly accepted: number;
  /** Seen before, too old, or of a boot left behind. */
  readonly replayed: number;
  /** Our own, come back: a loop in the cable, or somebody who plays them to us. */
  readonly reflected: number;
  /** Of another pair with the same key. */
  readonly foreign: number;
  /** On a link that the document does not name. */
  readonly unasked: number;
}

export type FailoverEvent =
  /** Also asks for a timer: the shell calls it at `wakeAt(state)`. */
  | { readonly type: 'tick' }
  /** Authenticated and decoded; replay and sense are the core's to judge. */
  | { readonly type: 'beat'; readonly link: LinkId; readonly beat: Beat }
  | { readonly type: 'nic'; readonly side: Side; readonly up: boolean }
  /** Somebody else answered for a float. */
  | { readonly type: 'claim'; readonly side: Side; readonly mac: string }
  /** Somebody else probes for a float (an ARP request from 0.0.0.0, RFC 5227 section 2.1.1). */
  | { readonly type: 'rival'; readonly side: Side; readonly mac: string }
  /** A neighbour answered `ask`: it resolves the float of its side to this node. */
  | { readonly type: 'resolved'; readonly side: Side; readonly address: string }
  /** What the kernel holds, after any change and at each renewal. */
  | { readonly type: 'floats'; readonly held: Readonly<Record<Side, boolean>> }
  /** Terms are written in the order asked for; one that cannot be written is asked for again after a second. */
  | { readonly type: 'persisted'; readonly term: number }
  | { readonly type: 'installed'; readonly term: number }
  | { readonly type: 'install-failed'; readonly term: number; readonly reason: string }
  | { readonly type: 'dropped' }
  /**
   * `ready`: true when sysctls, IPVS and routes are ready; undefined when the controller is not heard. `against`: what
   * clients would lose if the twin had the floats; null = nothing, absent = it has not judged.
   */
  | { readonly type: 'controller'; readonly ready: boolean | undefined; readonly against?: string | null | undefined }
  | {
      readonly type: 'hand-over';
      readonly request: number;
      readonly by: string;
      readonly cause?: 'hand-over' | 'button';
    }
  /** An operator holds this node, or (undefined) no longer does; answered by `keep-hold` or a refusal. */
  | { readonly type: 'hold'; readonly request: number; readonly hold: Hold | undefined }
  | { readonly type: 'reconfigured'; readonly config: FailoverConfig }
  /** The service is asked to end: hand over when the twin is fit, drop in any case. */
  | { readonly type: 'shutdown' };

export type FailoverEffect =
  /** Seal and send on every configured link, now. */
  | { readonly type: 'beat'; readonly beat: Beat }
  /** Durable, then event `persisted`. */
  | { readonly type: 'persist'; readonly term: number }
  /** Both floats in one batch with their lifetimes, then `installed` or `install-failed`. */
  | { readonly type: 'install'; readonly term: number }
  /** Both floats in one batch, then `dropped`. */
  | { readonly type: 'drop' }
  /** Refresh the lifetimes of both floats. */
  | { readonly type: 'renew' }
  /** One ARP probe for each float. */
  | { readonly type: 'probe' }
  /** Gratuitous ARP for both floats. */
  | { readonly type: 'announce' }
  /** One ARP request from its side's float to each of them; each answer comes back as `resolved`. */
  | { readonly type: 'ask'; readonly neighbours: readonly Neighbour[] }
  /** Which neighbours have answered: once all have, or the time for it is over; again when a gateway answers late. */
  | { readonly type: 'restored'; readonly restored: Restored }
  | { readonly type: 'record'; readonly transition: Transition }
  | { readonly type: 'alarm'; readonly alarm: Alarm; readonly raised: boolean }
  /** The answer to a request. */
  | {
      readonly type: 'answer';
      readonly request: number;
      readonly ok: boolean;
      readonly text: string;
      readonly remedy?: string;
    }
  /** In force already: make it durable in the order asked for, then answer the request with `text`. */
  | {
      readonly type: 'keep-hold';
      readonly request: number;
      readonly hold: Hold | undefined;
      readonly text: string;
    }
  /** The service may end now. */
  | { readonly type: 'ended' };

/** One move of the floats as this node saw it. */
export interface Transition {
  readonly from: Role;
  readonly to: Role;
  readonly term: number;
  readonly cause: Cause;
  /** The evidence in a sentence: who was silent since when, what answered. */
  readonly evidence: string;
  /** Monotonic ms of each step since the first sign, by name, e.g. `suspected: 0, silent: 82, installed: 97`. */
  readonly steps: Readonly<Record<string, number>>;
}

export interface Stepped<S> {
  readonly state: S;
  readonly effects: readonly FailoverEffect[];
}
