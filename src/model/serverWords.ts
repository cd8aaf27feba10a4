import type { Status } from './status.ts';

type Server = Status['services'][number]['servers'][number];

/** How a real server stands, the same on every surface: `up, drained`, `DOWN: timed out`. */
export function serverWords(server: Pick<Server, 'up' | 'drained' | 'reason' | 'weight' | 'configuredWeight'>): string {
  const { up, drained, reason, weight, configuredWeight } = server;
  const use = drained ? ', drained' : configuredWeight === 0 ? ', quiesced' : '';
  const state = up ? `up${use}` : `DOWN${drained ? use : ''}`;
  const differs = weight === configuredWeight ? '' : ` (weight ${configuredWeight} in the document)`;
  return `${state}${differs}${!up && reason !== '' ? `: ${reason}` : ''}`;
}
