import { useEffect, useState } from 'preact/hooks';
import type { HandOverPlan, HandOverResult } from '../../src/model/control.ts';
import { useAsking } from './asking.ts';
import type { Ask } from './console.tsx';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.tsx';

/** The plan of a hand-over, and on confirmation the hand-over. */
export function HandOverDialog({ ask, onClose }: { readonly ask: Ask; readonly onClose: () => void }) {
  const [plan, setPlan] = useState<HandOverPlan>();
  const [said, setSaid] = useState<string>();
  const { busy, refusal, attempt } = useAsking();
  useEffect(() => void attempt(async () => setPlan((await ask({ do: 'hand-over-plan' })) as HandOverPlan)), []);
  const confirm = (force: boolean) =>
    attempt(async () => setSaid(((await ask({ do: 'hand-over', force })) as HandOverResult).text));

  const open = plan !== undefined && said === undefined;
  const possible = open && plan.refusal === null && refusal === undefined;
  // The plan may have been refused, or what it promised on the way.
  const forcible = open && (refusal === undefined ? plan.forcible : refusal.forcible) === true;
  return (
    <Dialog title="Hand over both floats to the twin" onClose={onClose}>
      {plan === undefined && refusal === undefined && <p>asking the pair lane…</p>}
      {plan?.refusal != null && <p class="warning">a hand-over would be refused: {plan.refusal}</p>}
      {plan?.remedy !== undefined && <p class="quiet">remedy: {plan.remedy}</p>}
      {plan !== undefined && plan.refusal === null && (
        <ol class="plan">
          {plan.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {plan?.facts?.map((line) => (
        <p key={line} class="quiet">
          {line}
        </p>
      ))}
      {said !== undefined && <p role="status">{said}</p>}
      {refusal !== undefined && <Refusal refusal={refusal} />}
      <footer>
        <button type="button" onClick={onClose}>
          {possible || forcible ? 'Cancel' : 'Close'}
        </button>
        {possible && (
          <button type="button" class="primary" disabled={busy} onClick={() => confirm(false)}>
            {busy ? 'handing over…' : 'Hand over'}
          </button>
        )}
        {forcible && (
          <button type="button" class="danger" disabled={busy} onClick={() => confirm(true)}>
            {busy ? 'handing over…' : 'Hand over all the same'}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
