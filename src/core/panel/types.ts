import type { Role } from '../../model/pair.ts';
import type { Led } from '../../model/panel.ts';
import type { Button } from './button.ts';

/** What the panel is told of the pair lane. */
export interface PanelView {
  readonly role: Role;
  /** `never`: not in this run of the lane. */
  readonly twin: 'heard' | 'lost' | 'never';
  readonly handingOver: boolean;
  readonly controllerHeard: boolean;
  /** The controller's word that the kernel holds the document. */
  readonly ready: boolean;
  /** Each standing alarm by code and subject. */
  readonly alarms: readonly string[];
}

export type PanelEvent =
  /** undefined: the lane has no document yet. */
  | { readonly type: 'view'; readonly view: PanelView | undefined }
  | { readonly type: 'button'; readonly down: boolean }
  /** The hand-over that the button asked for. */
  | { readonly type: 'answer'; readonly ok: boolean; readonly text: string }
  | { readonly type: 'tick' };

export type PanelEffect =
  | { readonly type: 'led'; readonly led: Led; readonly on: boolean }
  | { readonly type: 'hand-over' }
  | { readonly type: 'factory-reset' }
  /** One line for the log. */
  | { readonly type: 'say'; readonly text: string };

export interface PanelState {
  /** When the first event came. */
  readonly startedAt: number | undefined;
  readonly view: PanelView | undefined;
  /** The kernel held the document once in this run. */
  readonly booted: boolean;
  readonly button: Button;
  /** When the last press ended. */
  readonly releasedAt: number;
  /** Alarms that somebody has seen. */
  readonly acknowledged: readonly string[];
  /** Until when each is shown, monotonic ms. */
  readonly identifyUntil: number;
  readonly refusedUntil: number;
  readonly armedUntil: number;
  readonly lit: Readonly<Partial<Record<Led, boolean>>>;
}
