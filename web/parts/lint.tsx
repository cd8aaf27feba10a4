import { useEffect, useState } from 'preact/hooks';
import type { LintResult } from '../../src/model/control.ts';
import { useAsking } from './asking.ts';
import type { Ask } from './console.tsx';
import { Dialog } from './dialog.tsx';
import { Refusal } from './refusal.tsx';

/** What is amiss around the router, why it hurts and what to do, as `tandem lint` says it; looked at when it is opened. */
export function LintDialog({ ask, onClose }: { readonly ask: Ask; readonly onClose: () => void }) {
  const { busy, refusal, attempt } = useAsking();
  const [result, setResult] = useState<LintResult>();
  const look = () => attempt(async () => setResult((await ask({ do: 'lint' })) as LintResult));
  useEffect(() => void look(), []);

  return (
    <Dialog title="What is amiss around this router" onClose={onClose}>
      {busy && <p role="status">looking at NICs, routes, clients and both wires, which takes some two seconds…</p>}
      {refusal !== undefined && <Refusal refusal={refusal} />}
      {!busy && result?.findings.length === 0 && <p role="status">nothing is amiss around this router</p>}
      {!busy && result !== undefined && result.findings.length > 0 && (
        <ul class="alarms">
          {result.findings.map(({ code, subject, text, why, remedy, alarm }) => (
            <li key={`${code} ${subject} ${text}`}>
              <strong>{code}</strong>
              {alarm ? ' (alarm)' : ''}: {text}
              <div>{why}</div>
              <div class="quiet">remedy: {remedy}</div>
            </li>
          ))}
        </ul>
      )}
      <footer>
        <button type="button" disabled={busy} onClick={look}>
          Look again
        </button>
        <button type="button" class="primary" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
