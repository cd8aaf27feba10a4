import type { ControllerRequest, DriftHoldResult, DriftResult } from '../../model/control.ts';
import { driftWords, MAX_DRIFT_ROWS } from '../../model/drift.ts';
import { TandemError } from '../../model/error.ts';
import type { Controller } from './controller.ts';

type Parts = Pick<Controller, 'driftBook' | 'driftHolding' | 'reconciler' | 'ports'>;
type DriftRequest = Extract<ControllerRequest, { do: 'drift' | 'drift-hold' | 'drift-resume' }>;

/** Reads the ledger of drift, and holds and resumes its repair. @throws TandemError `io`, `refused`. */
export function answerDrift(parts: Parts, request: DriftRequest): DriftResult | DriftHoldResult {
  const { driftBook, driftHolding, reconciler, ports } = parts;
  const left = [...reconciler.state().left.values()].slice(0, MAX_DRIFT_ROWS).map(driftWords);
  switch (request.do) {
    case 'drift': {
      const hold = driftHolding.get();
      const rows = driftBook.rows(ports.clock.wall() - request.since, request.limit);
      return { rows, left, ...(hold === undefined ? {} : { hold }) };
    }
    case 'drift-hold': {
      const { reason, by } = request;
      driftHolding.hold({ reason, by, until: Math.round(ports.clock.wall() + request.for) });
      const minutes = Math.max(1, Math.round(request.for / 60_000));
      const time = minutes === 1 ? 'a minute' : `${minutes} minutes`;
      const text = `drift is left alone for ${time}; what operators and checks change still goes to the kernel`;
      return { text, left, refused: [] };
    }
    case 'drift-resume': {
      if (driftHolding.get() === undefined) {
        const remedy = 'nothing is to be done; `tandem drift` shows what was repaired';
        throw new TandemError('refused', 'the repair of drift is not held', { remedy });
      }
      const round = driftHolding.resume(request.by);
      const refused = (round?.refused ?? []).map(({ step, text }) => `${step}: ${text}`);
      const what = left.length === 0 ? 'nothing was left to repair' : 'what was left alone is repaired';
      return { text: `drift is repaired again; ${what}`, left, refused };
    }
  }
}
