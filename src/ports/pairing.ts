import type { Close } from './clock.ts';

/** The null-modem line as pairing uses it: whole frames of a beat's size, any of which may be lost. */
export interface PairingLine {
  send(frames: readonly Uint8Array[]): void;
  onFrame(receive: (frame: Uint8Array) => void): void;
  readonly close: Close;
}
