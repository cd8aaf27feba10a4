import type { Series } from './measure.ts';
import type { ProbeRow, ProberReport } from './prober.ts';

/** The prober's rows as measure.ts wants them. */
export function series(report: Pick<ProberReport, 'tcp' | 'udp'>): Series[] {
  return (['tcp', 'udp'] as const).map((kind) => ({
    kind,
    period: report[kind].period,
    probes: report[kind].rows.map(([sequence, sent, waited]: ProbeRow) => ({
      sequence,
      sent,
      waited: waited ?? undefined,
    })),
  }));
}
