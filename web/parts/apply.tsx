import { useState } from 'preact/hooks';
import type { ApplyResult, PlanResult } from '../../src/model/control.ts';
import { heldWords } from '../../src/model/heldWords.ts';
import { useAsking } from './asking.ts';
import type { Ask } from './console.tsx';
import { Dialog } from './dialog.tsx';
import { Faults, Refusal } from './refusal.tsx';

type Planned = PlanResult & { readonly on: number };

/** A document is pasted, its plan shown, and on confirmation it is applied. */
export function ApplyDialog({ ask, onClose }: { readonly ask: Ask; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [plan, setPlan] = useState<Planned>();
  const [applied, setApplied] = useState<ApplyResult>();
  const { busy, refusal, attempt, forget } = useAsking();
  const edit = (written: string) => {
    setText(written);
    setPlan(undefined);
    forget();
  };
  const load = () => attempt(async () => edit(((await ask({ do: 'show' })) as { text: string }).text));
  const look = () => {
    setPlan(undefined);
    return attempt(async () => setPlan((await ask({ do: 'plan', text })) as Planned));
  };
  const apply = (force: boolean) =>
    attempt(async () => setApplied((await ask({ do: 'apply', text, on: plan?.on ?? 0, force })) as ApplyResult));

  // A plan stands while a second word would carry it out.
  const planned = refusal === undefined || refusal.forcible === true ? plan : undefined;
  if (applied !== undefined) return <Applied result={applied} onClose={onClose} />;
  return (
    <Dialog title="Apply a document" onClose={onClose}>
      <label for="document-text">Pair document (YAML or JSON)</label>
      <textarea
        id="document-text"
        rows={14}
        spellcheck={false}
        value={text}
        onInput={(event) => edit(event.currentTarget.value)}
      />
      {refusal !== undefined && <Refusal refusal={refusal} />}
      {planned !== undefined && <Plan plan={planned} />}
      <footer>
        <button type="button" disabled={busy} onClick={load}>
          Load the one in force
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        {planned === undefined ? (
          <button type="button" class="primary" disabled={busy || text.trim() === ''} onClick={look}>
            Show the plan
          </button>
        ) : (
          <button
            type="button"
            class={refusal === undefined ? 'primary' : 'danger'}
            disabled={busy}
            onClick={() => apply(refusal !== undefined)}
          >
            {refusal === undefined ? 'Apply' : 'Apply all the same'}
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function Plan({ plan }: { readonly plan: Planned }) {
  const { steps, breaks, drains, changed, warnings } = plan;
  return (
    <div role="status">
      {warnings.length > 0 && <Faults faults={warnings} />}
      {!changed && <p>it equals the document in force</p>}
      <p>
        {steps.length === 0 ? 'no kernel step' : `${steps.length} kernel steps`}; breaks {breaks} established
        connections, {drains} go on until they end
      </p>
      <ol class="plan">
        {steps.map((step) => (
          <li key={step}>
            <code>{step}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Applied({ result, onClose }: { readonly result: ApplyResult; readonly onClose: () => void }) {
  const { revision, changed, refused } = result;
  return (
    <Dialog title="Apply a document" onClose={onClose}>
      <p role="status">
        revision {revision} {changed ? 'is in force' : 'was in force already'} {heldWords(result)}
      </p>
      {refused.length > 0 && (
        <>
          <p class="warning">the kernel refused, and will be asked again:</p>
          <ul>
            {refused.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      <footer>
        <button type="button" class="primary" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
