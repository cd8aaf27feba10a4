import { useEffect, useState } from 'preact/hooks';
import type { ConsoleRefusal } from '../../src/model/console.ts';
import type { HandOverPlan, HandOverResult } from '../../src/model/control.ts';
import { Refused } from '../live/connection.ts';
import type { Ask } from './console.tsx';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.tsx';

/** The plan of a hand-over, and on confirmation the hand-over. */
export function HandOverDialog({ ask, onClose }: { readonly ask: Ask; readonly onClose: () => void }) {
  const [plan, setPlan] = useState<HandOverPlan>();
  const [said, setSaid] = useState<string>();
  const [refusal, setRefusal] = useState<ConsoleRefusal>();
  const [busy, setBusy] = useState(false);

  const failed = (error: unknown) => {
    if (error instanceof Refused) setRefusal(error.refusal);
  };
  useEffect(() => {
    ask({ do: 'hand-over-plan' }).then((result) => setPlan(result as HandOverPlan), failed);
  }, []);

  const confirm = async () => {
    setBusy(true);
    try {
      setSaid(((await ask({ do: 'hand-over' })) as HandOverResult).text);
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };

  const possible = plan !== undefined && plan.refusal === null && said === undefined && refusal === undefined;
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
          {possible ? 'Cancel' : 'Close'}
        </button>
        {possible && (
          <button type="button" class="primary" disabled={busy} onClick={confirm}>
            {busy ? 'handing over…' : 'Hand over'}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
