export { type Condition, PATTERNS, type Shine } from './patterns.ts';
export { buttonStuck, createPanel, step, wakeAt } from './step.ts';
export type { PanelEffect, PanelEvent, PanelState, PanelView } from './types.ts';
