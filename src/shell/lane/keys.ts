import type { Beat } from '../../codec/beat.ts';
import { decodeKeyFrame, encodeKeyFrame, isKeyFrame } from '../../codec/keyFrame.ts';
import type { KeySecrets, KeysEffect, KeysEvent, KeysState } from '../../core/keys/index.ts';
import { createKeys, keysSettled, OFFER_MS, rotationRefusal, stepKeys } from '../../core/keys/index.ts';
import { TandemError } from '../../model/error.ts';
import { acceptedKeys, type Keyring, type KeysResult, type PairKey } from '../../model/keys.ts';
import { type NodeId, peerOf } from '../../model/pair.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { KeyStore } from '../../ports/keys.ts';
import type { PeerLink, Sealer } from '../../ports/peer.ts';

export interface KeysPorts {
  readonly clock: Clock;
  readonly store: KeyStore;
  readonly secrets: KeySecrets;
  newPairKey(): PairKey;
  macOf(key: PairKey): (bytes: Uint8Array) => Uint8Array;
  log(line: string): void;
}

/** Frames of an exchange that an older release does not know. */
const KNOWS_EXCHANGE = 2;

/** Steps kept for the operator. */
const MAX_STEPS = 16;

/** The pair's keys at work: they seal the beats, and are exchanged beside them on the same links. */
export interface Keys extends Sealer {
  /** The links without their frames of an exchange, which end here and go out on all of them. */
  over(links: readonly PeerLink[]): readonly PeerLink[];
  status(): KeysResult;
  /**
   * Begins an exchange, or goes on with one that this box began; resolves once the new key is durable here.
   * @param twin what is known of the twin: heard within the deadline, and the highest version of a beat it speaks.
   * Rejects with TandemError `refused`, `io`; nothing was changed then.
   */
  rotate(twin: { readonly heard: boolean; readonly speaks: number }): Promise<void>;
  /** Ends its timer; nothing is sent or taken any more. */
  close(): void;
}

/** @throws TandemError as `KeyStore.load` does. */
export function runKeys(ports: KeysPorts, self: NodeId): Keys {
  const { clock, store } = ports;
  let state: KeysState = createKeys(self, store.load(), ports.secrets);
  let macs = macsOf(state.ring);
  let links: readonly PeerLink[] = [];
  let timer: Cancel = () => {};
  let closed = false;
  let saving: Promise<void> = Promise.resolve();
  const heardAt = new Map<string, number>();
  const steps: string[] = [];

  function macsOf(ring: Keyring) {
    return acceptedKeys(ring).map(({ id, secret }) => ({ id, mac: ports.macOf({ id, secret }) }));
  }
  let accepted = macs.map(({ mac }) => mac);

  function post(event: KeysEvent): void {
    if (closed) return;
    const before = state.ring;
    const stepped = stepKeys(state, event, clock.now());
    state = stepped.state;
    if (state.ring !== before) {
      macs = macsOf(state.ring);
      accepted = macs.map(({ mac }) => mac);
      for (const id of heardAt.keys()) if (!macs.some((key) => key.id === id)) heardAt.delete(id);
      arm();
    }
    for (const effect of stepped.effects) run(effect);
  }

  function run(effect: KeysEffect): void {
    switch (effect.type) {
      case 'save':
        saving = store.save(effect.ring);
        saving.then(
          () => post({ type: 'saved' }),
          (error: unknown) => {
            ports.log(`the key file was not written: ${error instanceof Error ? error.message : error}`);
            post({ type: 'unsaved' });
          },
        );
        break;
      case 'send': {
        const frame = encodeKeyFrame(effect.frame);
        for (const link of links) link.send(frame);
        break;
      }
      case 'tell':
        ports.log(effect.text);
        steps.push(effect.text);
        if (steps.length > MAX_STEPS) steps.shift();
        break;
    }
  }

  function arm(): void {
    timer();
    if (state.ring.next === undefined || closed) return;
    timer = clock.at(clock.now() + OFFER_MS, () => {
      post({ type: 'tick' });
      arm();
    });
  }
  arm();

  return {
    mac: (bytes) => macs[0]!.mac(bytes),
    accepted: () => accepted,
    authenticated(place: number, beat: Beat) {
      const key = macs[place];
      if (key === undefined || beat.from !== peerOf(self)) return;
      heardAt.set(key.id, clock.now());
      if (macs.length > 1) post({ type: 'heard', id: key.id });
    },
    over(opened) {
      links = opened;
      return opened.map((link) => ({
        ...link,
        onFrame: (receive) =>
          link.onFrame((bytes) => {
            if (!isKeyFrame(bytes)) {
              receive(bytes);
              return;
            }
            const frame = decodeKeyFrame(bytes);
            if (frame !== undefined) post({ type: 'frame', frame });
          }),
      }));
    },
    status() {
      const { next, former } = state.ring;
      return {
        keys: acceptedKeys(state.ring).map(({ id }) => ({
          id,
          use: id === next?.id ? 'next' : id === former?.id ? 'former' : 'signs',
          ageMs: heardAt.has(id) ? Math.round(clock.now() - heardAt.get(id)!) : null,
        })),
        settled: keysSettled(state),
        steps: [...steps],
      };
    },
    async rotate({ heard, speaks }) {
      const refusal =
        rotationRefusal(state) ??
        (!heard
          ? 'the twin is not heard'
          : speaks < KNOWS_EXCHANGE
            ? 'the twin’s release cannot exchange keys'
            : undefined);
      if (refusal !== undefined) {
        throw new TandemError('refused', `${refusal}; nothing was changed`, {
          remedy: 'see that both boxes run this release and hear each other (tandem status), and try again',
        });
      }
      post({ type: 'rotate', fresh: ports.newPairKey() });
      await saving;
    },
    close() {
      closed = true;
      timer();
    },
  };
}
