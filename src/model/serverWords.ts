import type { Status } from './status.ts';

type Server = Status['services'][number]['servers'][number];

/** How a real server stands, the same on every surface: `up, drained`, `DOWN: timed out`. */
export function serverWords({ up, drained, reason, weight, configuredWeight }: Server): string {
  const use = drained ? ', drained' : configuredWeight === 0 ? ', quiesced' : '';
  const state = up ? `up${use}` : `DOWN${drained ? use : ''}`;
  const differs = weight === configuredWeight ? '' : ` (weight ${configuredWeight} in the document)`;
  return `${state}${differs}${!up && reason !== '' ? `: ${reason}` : ''}`;
}
