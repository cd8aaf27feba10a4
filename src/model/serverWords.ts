import type { Status } from './status.ts';

type Server = Status['services'][number]['servers'][number];

/** How a real server stands, the same on every surface: `up, drained`, `DOWN: timed out`. */
export function serverWords(
  server: Pick<Server, 'up' | 'drained' | 'reason' | 'weight' | 'configuredWeight' | 'share' | 'warning'>,
): string {
  const { up, drained, reason, weight, configuredWeight } = server;
  const use = drained ? ', drained' : configuredWeight === 0 ? ', quiesced' : '';
  const state = up ? `up${use}` : `DOWN${drained ? use : ''}`;
  const differs = weight === configuredWeight ? '' : ` (weight ${configuredWeight} in the document)`;
  const { share = 100, warning = '' } = server;
  const part = up && share < 100 ? `, at ${share} %` : '';
  const soon = up && warning !== '' ? `: ${warning}` : '';
  return `${state}${part}${differs}${soon}${!up && reason !== '' ? `: ${reason}` : ''}`;
}

/** What is to be said of a service beside its servers; empty when all is well. */
export const serviceWords = ({ sorry }: Pick<Status['services'][number], 'sorry'>): string =>
  sorry === true ? 'NO QUORUM: new clients go to the sorry server' : '';
